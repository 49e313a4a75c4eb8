using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace PowerShellClient;

/// <summary>A runspace of real PowerShell, with the stand-ins of functions.ps1 and our cmdlets.</summary>
sealed class Engine : IDisposable
{
    public const int Columns = 120;
    readonly Host host = new();
    readonly Runspace runspace;

    public Engine()
    {
        var state = InitialSessionState.CreateDefault2();
        foreach (var (name, body) in Functions("functions.ps1").Concat(Functions("cmdlets.ps1")).DistinctBy(f => f.Name))
            if (name != "Out-String") state.Commands.Add(new SessionStateFunctionEntry(name, body));
        foreach (var type in new[] { typeof(FormatTableCommand), typeof(FormatListCommand), typeof(OutStringCommand), typeof(WatchOutputCommand) })
        {
            var names = (CmdletAttribute)type.GetCustomAttributes(typeof(CmdletAttribute), false)[0];
            state.Commands.Add(new SessionStateCmdletEntry($"{names.VerbName}-{names.NounName}", type, null));
        }
        runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.Open();
        Runspace.DefaultRunspace = runspace;
        PSStyle.Instance.OutputRendering = OutputRendering.PlainText;
    }

    static IEnumerable<(string Name, string Body)> Functions(string resource)
    {
        using var reader = new StreamReader(typeof(Engine).Assembly.GetManifestResourceStream(resource)!);
        var script = Parser.ParseInput(reader.ReadToEnd(), out _, out var errors);
        if (errors.Length > 0) throw new ParseException(errors);
        return [.. from f in script.FindAll(ast => ast is FunctionDefinitionAst, searchNestedScriptBlocks: false).Cast<FunctionDefinitionAst>() select (f.Name, f.Body.Extent.Text[1..^1])];
    }

    /// <summary>Runs a script in the global scope: its objects, its errors (a terminating one last), and what a console would show of the objects.</summary>
    public Dictionary<string, object?> Run(string script)
    {
        host.Text.Clear();
        var objects = new List<object?>();
        var errors = new List<ErrorRecord>();
        using (var shell = PowerShell.Create(runspace))
        {
            shell.AddScript(script).AddCommand("Watch-Output").AddParameter("Into", objects).AddCommand("Out-String").AddParameter("Into", host.Text);
            try { shell.Invoke(); }
            catch (Exception e) when (e is IContainsErrorRecord) { errors.Add(((IContainsErrorRecord)e).ErrorRecord); }
            errors.InsertRange(0, shell.Streams.Error);
        }
        return new()
        {
            ["output"] = objects,
            ["errors"] = errors.Select(Describe.Error).ToArray(),
            ["text"] = host.Text.ToString(),
        };
    }

    public void Dispose() => runspace.Dispose();
}

/// <summary>Notes each object as it is when it comes by: a session changes later.</summary>
[Cmdlet(VerbsCommon.Watch, "Output")]
public sealed class WatchOutputCommand : Cmdlet
{
    [Parameter(Mandatory = true), AllowEmptyCollection] public List<object?> Into { get; set; } = [];
    [Parameter(ValueFromPipeline = true)] public PSObject? InputObject { get; set; }
    protected override void ProcessRecord()
    {
        if (InputObject?.BaseObject is not PacketInfoData) Into.Add(Describe.Plain(InputObject)); // not what Format-Table makes of objects
        WriteObject(InputObject);
    }
}
