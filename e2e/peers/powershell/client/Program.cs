using PowerShellClient;

if (args is not [])
{
    Console.Error.WriteLine("powershell-client: a JSON string of script a line on stdin, its result as JSON a line on stdout.");
    return 2;
}
Automation.Load();
Lines.Serve();
return 0;
