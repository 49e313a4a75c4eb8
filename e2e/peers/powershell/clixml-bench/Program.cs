using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Remoting;
using System.Management.Automation.Runspaces;
using System.Text;
using System.Text.Json;

// How fast real PowerShell reads CLIXML: clixml-bench FILE SECONDS, one rootless document a line.
// It reads as a transport does, with PowerShell's own type data; warmed up by one pass.
if (args is not [var path, var atLeast])
{
    Console.Error.WriteLine("clixml-bench FILE SECONDS");
    return 2;
}
using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
runspace.Open();
Runspace.DefaultRunspace = runspace;
var reader = new Fragmentor(int.MaxValue, null) { TypeTable = runspace.ExecutionContext.TypeTable };
var documents = File.ReadLines(path).Select(Encoding.UTF8.GetBytes).ToArray();

Pass();
var passes = 0;
var clock = Stopwatch.StartNew();
for (; clock.Elapsed.TotalSeconds < double.Parse(atLeast); passes++) Pass();
Console.WriteLine(JsonSerializer.Serialize(new { objectsPerSecond = (long)(documents.Length * passes / clock.Elapsed.TotalSeconds), passes }));
return 0;

void Pass()
{
    foreach (var document in documents) reader.DeserializeToPSObject(new MemoryStream(document));
}
