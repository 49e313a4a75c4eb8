using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Remoting;
using System.Management.Automation.Runspaces;
using System.Text;
using System.Xml;

namespace ClixmlOracle;

/// <summary>What real PowerShell reads in a CLIXML text, and how fast it reads.</summary>
static class Program
{
    const string Usage = """
        clixml-oracle describe          a JSON string of CLIXML a line on stdin; canonical JSON, or {"error"}, a line out
        clixml-oracle bench FILE SECONDS  one rootless document a line
        """;

    static int Main(string[] args)
    {
        // Local times are written with this zone's offset, on every machine.
        Environment.SetEnvironmentVariable("TZ", "Europe/Berlin");
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        switch (args)
        {
            case ["describe"]: return Describe();
            case ["bench", var path, var seconds]: return Bench(path, double.Parse(seconds));
            default: Console.Error.WriteLine(Usage); return 2;
        }
    }

    static int Describe()
    {
        // ASCII out: everything else is escaped, so that no terminal or pipe can alter it.
        using var output = new StreamWriter(Console.OpenStandardOutput(), Encoding.ASCII);
        using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
        while (input.ReadLine() is { } line)
        {
            object? answer;
            try { answer = Canonical.Describe(Deserialize(Json.ReadString(line))); }
            catch (Exception e) { answer = new Dictionary<string, object?> { ["error"] = e.Message }; }
            output.WriteLine(Json.Write(answer));
        }
        return 0;
    }

    /// <summary>The remoting form: no root element; several top-level objects are <see cref="Documents"/>.</summary>
    static object? Deserialize(string clixml)
    {
        using var reader = XmlReader.Create(new StringReader(clixml), InternalDeserializer.XmlReaderSettingsForCliXml);
        var deserializer = new Deserializer(reader, new DeserializationContext(DeserializationOptions.RemotingOptions, null));
        var values = new List<object?>();
        while (!deserializer.Done()) values.Add(deserializer.Deserialize());
        return values.Count == 1 ? values[0] : new Documents(values);
    }

    /// <summary>It reads as a transport does, with PowerShell's own type data; warmed up by one pass.</summary>
    static int Bench(string path, double atLeast)
    {
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        Runspace.DefaultRunspace = runspace;
        var reader = new Fragmentor(int.MaxValue, null) { TypeTable = runspace.ExecutionContext.TypeTable };
        var documents = File.ReadLines(path).Select(Encoding.UTF8.GetBytes).ToArray();
        Pass();
        var passes = 0;
        var clock = Stopwatch.StartNew();
        for (; clock.Elapsed.TotalSeconds < atLeast; passes++) Pass();
        var perSecond = (long)(documents.Length * passes / clock.Elapsed.TotalSeconds);
        Console.WriteLine(Json.Write(new Dictionary<string, object?> { ["objectsPerSecond"] = perSecond, ["passes"] = passes }));
        return 0;

        void Pass()
        {
            foreach (var document in documents) reader.DeserializeToPSObject(new MemoryStream(document));
        }
    }
}

/// <summary>What one text of several (or no) top-level objects holds.</summary>
sealed record Documents(IReadOnlyList<object?> Values);
