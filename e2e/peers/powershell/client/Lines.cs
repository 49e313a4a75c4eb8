using System.Text.Json;

namespace PowerShellClient;

/// <summary>A script and its runspace a line, its result a line. Apart from Program.cs, which must load the engine first.</summary>
static class Lines
{
    public static void Serve()
    {
        Surroundings.Prepare();
        var runspaces = new Dictionary<string, Engine>();
        while (Console.In.ReadLine() is { } line)
        {
            if (JsonSerializer.Deserialize<string[]>(line) is not [var name, var script]) throw new FormatException(line);
            if (!runspaces.TryGetValue(name, out var engine)) runspaces[name] = engine = new Engine();
            Console.Out.WriteLine(JsonSerializer.Serialize(engine.Run(script)));
            Console.Out.Flush();
        }
    }
}
