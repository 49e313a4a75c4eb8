using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace PowerShellClient;

/// <summary>Loads the package's Windows build of System.Management.Automation and puts the WSMan client API below it.</summary>
static class Automation
{
    static readonly string[] folders = ["automation", "runtimes/win/lib/net10.0", "runtimes/win/lib/net8.0", "runtimes/win10-x64/lib/netstandard1.6"];

    public static void Load()
    {
        Environment.SetEnvironmentVariable("PSModulePath", Path.Combine(AppContext.BaseDirectory, "Modules"));
        Environment.SetEnvironmentVariable("PSModuleAnalysisCachePath", Path.Combine(Path.GetTempPath(), $"powershell-client-{Environment.ProcessId}"));
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        Environment.SetEnvironmentVariable("POWERSHELL_UPDATECHECK", "Off");
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            folders.Select(folder => Path.Combine(AppContext.BaseDirectory, folder, name.Name + ".dll")).FirstOrDefault(File.Exists) is { } file ? context.LoadFromAssemblyPath(file) : null;
        var library = new Lazy<nint>(() =>
        {
            var loaded = NativeLibrary.Load(Path.Combine(AppContext.BaseDirectory, "libwsman.so"));
            WSManApi.Fill(loaded);
            return loaded;
        });
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => name is "WsmSvc.dll" or "api-ms-win-eventing-provider-l1-1-0.dll" ? library.Value : 0;
    }
}
