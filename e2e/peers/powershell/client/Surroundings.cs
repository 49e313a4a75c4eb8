using System.Collections;
using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Configuration;
using System.Management.Automation.Internal;
using System.Reflection;

namespace PowerShellClient;

/// <summary>
/// What the engine asks its surroundings for while it starts, answered beforehand in its own caches: the snap-ins of its default session
/// state are not on NuGet (Get-PSSession opens such states to call Get-WSManInstance), and there are no policies of Windows.
/// </summary>
static class Surroundings
{
    public static void Prepare()
    {
        var core = Static(typeof(PSSnapInReader), "s_coreSnapin").GetValue(null)!;
        var snapIns = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(core.GetType()))!;
        snapIns.Add(core);
        Static(typeof(PSSnapInReader), "s_defaultMshSnapins").SetValue(null, snapIns);
        var policies = (ConcurrentDictionary<ConfigScope, ConcurrentDictionary<string, PolicyBase?>>)Static(typeof(Utils), "s_cachedPoliciesFromRegistry").GetValue(null)!;
        var names = typeof(PolicyBase).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(PolicyBase))).Select(t => t.Name).ToArray();
        foreach (var scope in Enum.GetValues<ConfigScope>())
            policies[scope] = new(names.Select(name => KeyValuePair.Create(name, (PolicyBase?)null)));
        Static(typeof(SecuritySupport), "_saferIdentifyLevelApiSupported").SetValue(null, false);
    }

    static FieldInfo Static(Type type, string name) => type.GetField(name, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
        ?? throw new MissingFieldException(type.FullName, name);
}
