import type { CmdletSource } from './cmdlet.ts';

const CONNECTION =
  '[-Credential <pscredential>] [-Authentication <AuthenticationMechanism>] [-CertificateThumbprint <string>]';
/** What says how a computer is reached. */
export const COMPUTER = `[-ApplicationName <string>] [-ConfigurationName <string>] ${CONNECTION} [-Port <int>] [-UseSSL]`;
/** The same for a ConnectionUri. */
export const URI = `[-ConfigurationName <string>] [-AllowRedirection] ${CONNECTION}`;
const QUERY = '[-ThrottleLimit <int>] [-State <SessionFilterState>] [-SessionOption <PSSessionOption>]';
const GUEST = '[-ConfigurationName <string>] [-State <SessionFilterState>]';
const TAKE_UP = '[-SessionOption <PSSessionOption>] [-ThrottleLimit <int>]';
export const RISK = '[-WhatIf] [-Confirm]';
const RECEIVE = `[-SessionOption <PSSessionOption>] [-OutTarget <OutTarget>] [-JobName <string>] ${RISK}`;
/** What Disconnect-PSSession may say of the session it leaves. */
export const LEAVE = `[-IdleTimeoutSec <int>] [-OutputBufferingMode <OutputBufferingMode>] [-ThrottleLimit <int>] ${RISK}`;
const CREATION = '[-Name <string[]>] [-EnableNetworkAccess]';
const OPTION = '[-SessionOption <PSSessionOption>]';
const THROTTLE = '[-ThrottleLimit <int>]';
const GUEST_CREATION = `[-Name <string[]>] [-ConfigurationName <string>] ${THROTTLE}`;
const SSH =
  '[-UserName <string>] [-KeyFilePath <string>] [-Subsystem <string>] [-ConnectingTimeout <int>] [-SSHTransport] [-Options <hashtable>]';
const HELD = `[-OutTarget <OutTarget>] [-JobName <string>] ${RISK}`;

/** The session cmdlets as PowerShell 7.6 has them: sets, positions, types, and the order in which messages list names. */
export const POWERSHELL_CMDLETS: readonly CmdletSource[] = [
  {
    name: 'Get-PSSession',
    alias: 'gsn',
    className: 'Microsoft.PowerShell.Commands.GetPSSessionCommand',
    defaultSet: 'Name',
    order:
      'ComputerName ApplicationName ConnectionUri ConfigurationName AllowRedirection Name InstanceId Credential Authentication CertificateThumbprint Port UseSSL ThrottleLimit State SessionOption Id ContainerId VMId VMName',
    sets: {
      Name: '[-Name <string[]>]',
      ComputerName: `[-ComputerName] <string[]> [-Name <string[]>] ${COMPUTER} ${QUERY}`,
      ComputerInstanceId: `[-ComputerName] <string[]> -InstanceId <guid[]> ${COMPUTER} ${QUERY}`,
      ConnectionUri: `[-ConnectionUri] <uri[]> [-Name <string[]>] ${URI} ${QUERY}`,
      ConnectionUriInstanceId: `[-ConnectionUri] <uri[]> -InstanceId <guid[]> ${URI} ${QUERY}`,
      ContainerId: `-ContainerId <string[]> [-Name <string[]>] ${GUEST}`,
      ContainerIdInstanceId: `-ContainerId <string[]> -InstanceId <guid[]> ${GUEST}`,
      VMId: `-VMId <guid[]> [-Name <string[]>] ${GUEST}`,
      VMIdInstanceId: `-VMId <guid[]> -InstanceId <guid[]> ${GUEST}`,
      VMName: `-VMName <string[]> [-Name <string[]>] ${GUEST}`,
      VMNameInstanceId: `-VMName <string[]> -InstanceId <guid[]> ${GUEST}`,
      Id: '[-Id] <int[]>',
      InstanceId: '[-InstanceId <guid[]>]',
    },
  },
  {
    name: 'New-PSSession',
    alias: 'nsn',
    className: 'Microsoft.PowerShell.Commands.NewPSSessionCommand',
    defaultSet: 'ComputerName',
    order:
      'ComputerName Credential Session Name EnableNetworkAccess ConfigurationName VMId VMName ContainerId RunAsAdministrator UseWindowsPowerShell ConnectionUri Port UseSSL ApplicationName AllowRedirection SessionOption Authentication CertificateThumbprint HostName UserName KeyFilePath Subsystem ConnectingTimeout SSHTransport SSHConnection Options ThrottleLimit',
    sets: {
      ComputerName: `[[-ComputerName] <string[]>] ${CREATION} ${COMPUTER} ${THROTTLE} ${OPTION}`,
      Uri: `[-ConnectionUri] <uri[]> ${CREATION} ${URI} ${THROTTLE} ${OPTION}`,
      ContainerId: `-ContainerId <string[]> [-RunAsAdministrator] ${GUEST_CREATION}`,
      SSHHost: `[-HostName] <string[]> [-Name <string[]>] [-Port <int>] ${SSH}`,
      SSHHostHashParam: '-SSHConnection <hashtable[]> [-Name <string[]>]',
      Session: `[[-Session] <PSSession[]>] ${CREATION} ${THROTTLE}`,
      UseWindowsPowerShellParameterSet: '-UseWindowsPowerShell [-Name <string[]>]',
      VMId: `[-VMId] <guid[]> -Credential <pscredential> ${GUEST_CREATION}`,
      VMName: `-Credential <pscredential> -VMName <string[]> ${GUEST_CREATION}`,
    },
  },
  {
    name: 'Connect-PSSession',
    alias: 'cnsn',
    className: 'Microsoft.PowerShell.Commands.ConnectPSSessionCommand',
    defaultSet: 'Name',
    order:
      'Session ComputerName ApplicationName ConfigurationName ConnectionUri AllowRedirection InstanceId Name Credential Authentication CertificateThumbprint Port UseSSL SessionOption ThrottleLimit Id WhatIf Confirm',
    sets: {
      Name: `-Name <string[]> [-ThrottleLimit <int>] ${RISK}`,
      Session: `[-Session] <PSSession[]> [-ThrottleLimit <int>] ${RISK}`,
      ComputerName: `[-ComputerName] <string[]> [-Name <string[]>] ${COMPUTER} ${TAKE_UP} ${RISK}`,
      ComputerNameGuid: `-ComputerName <string[]> -InstanceId <guid[]> ${COMPUTER} ${TAKE_UP} ${RISK}`,
      ConnectionUri: `[-ConnectionUri] <uri[]> [-Name <string[]>] ${URI} ${TAKE_UP} ${RISK}`,
      ConnectionUriGuid: `[-ConnectionUri] <uri[]> -InstanceId <guid[]> ${URI} ${TAKE_UP} ${RISK}`,
      Id: `[-Id] <int[]> [-ThrottleLimit <int>] ${RISK}`,
      InstanceId: `-InstanceId <guid[]> [-ThrottleLimit <int>] ${RISK}`,
    },
  },
  {
    name: 'Receive-PSSession',
    alias: 'rcsn',
    className: 'Microsoft.PowerShell.Commands.ReceivePSSessionCommand',
    defaultSet: 'Session',
    order:
      'Session Id ComputerName ApplicationName ConfigurationName ConnectionUri AllowRedirection InstanceId Name OutTarget JobName Credential Authentication CertificateThumbprint Port UseSSL SessionOption WhatIf Confirm',
    sets: {
      Session: `[-Session] <PSSession> ${HELD}`,
      Id: `[-Id] <int> ${HELD}`,
      ComputerSessionName: `[-ComputerName] <string> -Name <string> ${COMPUTER} ${RECEIVE}`,
      ComputerInstanceId: `[-ComputerName] <string> -InstanceId <guid> ${COMPUTER} ${RECEIVE}`,
      ConnectionUriSessionName: `[-ConnectionUri] <uri> -Name <string> ${URI} ${RECEIVE}`,
      ConnectionUriInstanceId: `[-ConnectionUri] <uri> -InstanceId <guid> ${URI} ${RECEIVE}`,
      InstanceId: `[-InstanceId] <guid> ${HELD}`,
      SessionName: `[-Name] <string> ${HELD}`,
    },
  },
  {
    name: 'Disconnect-PSSession',
    alias: 'dnsn',
    className: 'Microsoft.PowerShell.Commands.DisconnectPSSessionCommand',
    defaultSet: 'Session',
    order: 'Session IdleTimeoutSec OutputBufferingMode ThrottleLimit InstanceId Id Name WhatIf Confirm',
    sets: {
      Session: `[-Session] <PSSession[]> ${LEAVE}`,
      Id: `[-Id] <int[]> ${LEAVE}`,
      InstanceId: `-InstanceId <guid[]> ${LEAVE}`,
      Name: `-Name <string[]> ${LEAVE}`,
    },
  },
  {
    name: 'Remove-PSSession',
    alias: 'rsn',
    className: 'Microsoft.PowerShell.Commands.RemovePSSessionCommand',
    defaultSet: 'Id',
    order: 'Session ContainerId ComputerName InstanceId Id Name VMId VMName WhatIf Confirm',
    sets: {
      Id: `[-Id] <int[]> ${RISK}`,
      Session: `[-Session] <PSSession[]> ${RISK}`,
      ComputerName: `[-ComputerName] <string[]> ${RISK}`,
      ContainerId: `-ContainerId <string[]> ${RISK}`,
      InstanceId: `-InstanceId <guid[]> ${RISK}`,
      Name: `-Name <string[]> ${RISK}`,
      VMId: `-VMId <guid[]> ${RISK}`,
      VMName: `-VMName <string[]> ${RISK}`,
    },
  },
];
