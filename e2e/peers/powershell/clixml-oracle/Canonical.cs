using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Security;
using System.Xml;

namespace ClixmlOracle;

/// <summary>A deserialised object as the canonical JSON that electron/winrm/psrp/fixtures/README.md describes.</summary>
sealed class Canonical
{
    readonly Dictionary<object, string> seen = new(System.Collections.Generic.ReferenceEqualityComparer.Instance);

    public static object? Describe(object? value) =>
        value is Documents many
            ? new Dictionary<string, object?> { ["documents"] = many.Values.Select(v => new Canonical().Of(v, "")).ToList() }
            : new Canonical().Of(value, "");

    object? Of(object? value, string path)
    {
        if (value == null) return null;
        var pso = value as PSObject;
        var inner = pso?.BaseObject ?? value;
        if (pso != null || !IsScalar(inner))
        {
            if (seen.TryGetValue(value, out var first)) return new Dictionary<string, object?> { ["ref"] = first };
            seen[value] = path;
        }
        var json = new Dictionary<string, object?> { ["type"] = inner.GetType().ToString() };
        if (IsScalar(inner)) json["value"] = Scalar(inner, json);
        else if (inner is IDictionary dictionary) json["entries"] = Entries(dictionary, path);
        else if (inner is IEnumerable list)
            json["items"] = list.Cast<object?>().Select((item, i) => Of(item, $"{path}/items/{i}")).ToList();
        if (pso != null) AddExtras(json, pso, inner, path);
        return json;
    }

    List<object?> Entries(IDictionary dictionary, string path)
    {
        // Hashtables enumerate in an order that differs from process to process: sort, unless the order means something.
        var entries = dictionary.Cast<DictionaryEntry>().ToList();
        if (dictionary is not OrderedDictionary)
        {
            var sorted = entries.GroupBy(e => Text(e.Key)).OrderBy(same => same.Key, StringComparer.Ordinal);
            entries = [.. sorted.SelectMany(same => same.Count() == 1 ? (IEnumerable<DictionaryEntry>)same : same.OrderBy(e => Text(e.Value), StringComparer.Ordinal))];
        }
        return [.. entries.Select((e, i) => (object?)new List<object?> { Of(e.Key, $"{path}/entries/{i}/0"), Of(e.Value, $"{path}/entries/{i}/1") })];
    }

    static string Text(object? value) => Json.Write(new Canonical().Of(value, ""));

    void AddExtras(Dictionary<string, object?> json, PSObject pso, object inner, string path)
    {
        var names = pso.TypeNames.ToList();
        if (!names.SequenceEqual(Natural(inner))) json["typeNames"] = names;
        if (pso.ToStringFromDeserialization is { } text) json["toString"] = text;

        var properties = new Dictionary<string, object?>();
        var adapted = new List<object?>();
        if (pso.AdaptedMembers is { } fromProps)
            foreach (PSPropertyInfo p in fromProps)
            {
                adapted.Add(p.Name);
                properties[p.Name] = Of(p.Value, Step(path, "properties", p.Name));
            }
        var sets = AddMembers(properties, pso.InstanceMembers, path);
        if (properties.Count > 0) json["properties"] = properties;
        if (adapted.Count > 0) json["adapted"] = adapted;
        if (sets.Count > 0) json["memberSets"] = sets;
    }

    /// <returns>the member sets among the members</returns>
    Dictionary<string, object?> AddMembers(Dictionary<string, object?> properties, IEnumerable<PSMemberInfo> members, string path)
    {
        var sets = new Dictionary<string, object?>();
        foreach (var member in members.ToList())
        {
            if (member is PSMemberSet set)
            {
                var inside = new Dictionary<string, object?>();
                var at = Step(path, "memberSets", set.Name);
                var nested = AddMembers(inside, set.Members, at);
                var body = new Dictionary<string, object?> { ["properties"] = inside };
                if (nested.Count > 0) body["memberSets"] = nested;
                sets[set.Name] = body;
            }
            else if (member is PSPropertyInfo p) properties[p.Name] = Of(p.Value, Step(path, "properties", p.Name));
        }
        return sets;
    }

    /// <summary>A step of a JSON pointer (RFC 6901).</summary>
    static string Step(string path, string key, string name) => $"{path}/{key}/{name.Replace("~", "~0").Replace("/", "~1")}";

    static IEnumerable<string> Natural(object inner) => inner is PSCustomObject
        ? ["System.Management.Automation.PSCustomObject", "System.Object"]
        : new PSObject(inner).TypeNames;

    static string PlainText(SecureString secret)
    {
        var text = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try { return Marshal.PtrToStringUni(text, secret.Length); }
        finally { Marshal.ZeroFreeGlobalAllocUnicode(text); }
    }

    static readonly Dictionary<Type, bool> scalars = [];

    static bool IsScalar(object value)
    {
        if (!scalars.TryGetValue(value.GetType(), out var scalar))
            scalars[value.GetType()] = scalar = InternalSerializer.IsPrimitiveKnownType(value.GetType());
        return scalar;
    }

    static object? Scalar(object value, Dictionary<string, object?> json)
    {
        switch (value)
        {
            case DateTime d: json["kind"] = d.Kind.ToString(); return d.ToString("o", CultureInfo.InvariantCulture);
            case TimeSpan t: return t.Ticks.ToString(CultureInfo.InvariantCulture);
            case bool or byte or sbyte or short or ushort or int or uint: return value;
            case float or double: return ((IFormattable)value).ToString("R", CultureInfo.InvariantCulture);
            case byte[] bytes: return Convert.ToBase64String(bytes);
            case Uri uri: return uri.OriginalString;
            case XmlDocument xml: return xml.OuterXml;
            case SecureString secret: return PlainText(secret);
            case ProgressRecord p:
                return new Dictionary<string, object?>
                {
                    ["activity"] = p.Activity, ["activityId"] = p.ActivityId, ["currentOperation"] = p.CurrentOperation,
                    ["parentActivityId"] = p.ParentActivityId, ["percentComplete"] = p.PercentComplete, ["recordType"] = p.RecordType.ToString(),
                    ["secondsRemaining"] = p.SecondsRemaining, ["statusDescription"] = p.StatusDescription,
                };
            case IFormattable f: return f.ToString(null, CultureInfo.InvariantCulture);
            default: return value.ToString();
        }
    }
}
