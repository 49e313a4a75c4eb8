using System.Text.Json;

namespace PowerShellClient;

/// <summary>A script a line, its result a line. Apart from Program.cs, which must load the engine first.</summary>
static class Lines
{
    public static void Serve()
    {
        Surroundings.Prepare();
        using var engine = new Engine();
        while (Console.In.ReadLine() is { } line)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(engine.Run(JsonSerializer.Deserialize<string>(line)!)));
            Console.Out.Flush();
        }
    }
}
