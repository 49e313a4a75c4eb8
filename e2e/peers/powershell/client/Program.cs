using PowerShellClient;

if (args is not [])
{
    Console.Error.WriteLine("powershell-client: [\"runspace\", \"script\"] a line on stdin, the result as JSON a line on stdout.");
    return 2;
}
Automation.Load();
Lines.Serve();
return 0;
