using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Embedded.Tests;

/// <summary>
/// Every public or protected member of the embedded assemblies is one of the real packages', word for word. This file takes
/// part only where the embedded assemblies do.
/// </summary>
public partial class SignatureTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["Boolean"] = "bool",
        ["Byte"] = "byte",
        ["Char"] = "char",
        ["Decimal"] = "decimal",
        ["Double"] = "double",
        ["Int32"] = "int",
        ["Int64"] = "long",
        ["Object"] = "object",
        ["Single"] = "float",
        ["String"] = "string",
        ["UInt32"] = "uint",
        ["Void"] = "void",
    };

    private static readonly string[] Names =
    [
        "ActorTorrent.Embedded.Akka",
        "ActorTorrent.Embedded.Akka.Hosting",
        "ActorTorrent.Embedded.Akka.TestKit.Xunit2",
        "ActorTorrent.Embedded.BencodeNET",
    ];

    public static TheoryData<string> Assemblies => new(Names);

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Nothing_is_shown_that_the_real_packages_do_not_show(string assembly)
    {
        var known = ReadLists();
        var wrong = new List<string>();
        foreach (var type in Assembly.Load(assembly).GetTypes().Where(IsShown))
        {
            var name = $"{type.Namespace}.{NameOf(type)}";
            if (!known.TryGetValue(name, out var entry))
            {
                wrong.Add($"{name}: no such type");
                continue;
            }

            var head = HeadOf(type);
            if (entry.Head != head)
                wrong.Add($"{name}: is '{head}', must be '{entry.Head}'");
            if (type.IsEnum || typeof(Delegate).IsAssignableFrom(type))
                continue;
            wrong.AddRange(MembersOf(type).Where(member => !entry.Members.Contains(member)).Select(member => $"{name}: {member}"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void What_is_shown_has_the_bases_that_the_real_packages_show()
    {
        var shown = Names.SelectMany(name => Assembly.Load(name).GetTypes()).Where(IsShown).ToArray();
        var names = shown.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        var known = ReadLists();
        var wrong = new List<string>();
        foreach (var type in shown)
        {
            if (!known.TryGetValue($"{type.Namespace}.{NameOf(type)}", out var entry))
                continue;
            var above = type.GetInterfaces().Select(NameOf).ToHashSet(StringComparer.Ordinal);
            for (var at = type.BaseType; at is not null; at = at.BaseType)
                above.Add(NameOf(at));
            wrong.AddRange(entry.Bases.Where(b => names.Contains(b) && !above.Contains(b)).Select(b => $"{type}: is no {b}"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static Dictionary<string, (string Head, string[] Bases, HashSet<string> Members)> ReadLists()
    {
        var types = new Dictionary<string, (string Head, string[] Bases, HashSet<string> Members)>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Api"), "*.txt"))
        {
            var space = "";
            HashSet<string> members = [];
            foreach (var line in File.ReadLines(file))
            {
                var text = Normal(line.Trim());
                if (line.StartsWith("namespace ", StringComparison.Ordinal))
                {
                    space = line[10..].Trim();
                }
                else if (line.StartsWith("    ", StringComparison.Ordinal))
                {
                    members.Add(text);
                }
                else if (line.StartsWith("  ", StringComparison.Ordinal))
                {
                    var head = Head().Match(text);
                    members = [];
                    var bases = text[head.Length..].TrimStart(' ', ':').Split(", ", StringSplitOptions.RemoveEmptyEntries);
                    types.TryAdd($"{space}.{head.Groups["name"].Value}", (head.Groups["head"].Value + " " + head.Groups["name"].Value, bases, members));
                }
            }
        }

        return types;
    }

    /// <summary>Without what a compiler does not hold callers to: obsolescence, nullability of references, constraints.</summary>
    private static string Normal(string text)
    {
        text = text.Replace("[Obsolete] ", "", StringComparison.Ordinal).Replace("?", "", StringComparison.Ordinal);
        var where = text.IndexOf(" where ", StringComparison.Ordinal);
        return where < 0 ? text : text[..where];
    }

    private static bool IsShown(Type type) =>
        (type.IsPublic || ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsShown(type.DeclaringType!)))
        && type.GetCustomAttribute<CompilerGeneratedAttribute>() is null;

    private static string HeadOf(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => type.GetCustomAttribute<IsReadOnlyAttribute>() is null ? "struct" : "readonly struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        if (typeof(Delegate).IsAssignableFrom(type))
            kind = $"delegate {NameOf(type.GetMethod("Invoke")!.ReturnType)}";
        return $"public {kind} {NameOf(type)}";
    }

    private static IEnumerable<string> MembersOf(Type type)
    {
        foreach (var constructor in type.GetConstructors(Declared).Where(c => IsShown(c) && !c.IsStatic))
            yield return $"{Access(constructor)} {type.Name.Split('`')[0]}({Parameters(constructor)})";
        foreach (var field in type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly))
            yield return FieldText(field);
        foreach (var property in type.GetProperties(Declared))
        {
            if (property.GetAccessors(nonPublic: true).Where(IsShown).ToArray() is [var accessor, ..] && !IsOverride(accessor))
                yield return PropertyText(type, property, accessor);
        }

        foreach (var method in type.GetMethods(Declared).Where(m => IsShown(m) && !IsAccessor(m) && !IsOverride(m)))
            yield return MethodText(type, method);
    }

    private static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    /// <summary>An override adds no member; what it overrides is checked where it is declared.</summary>
    private static bool IsOverride(MethodBase method) =>
        method is MethodInfo { IsVirtual: true } info && info.GetBaseDefinition() != info;

    private static bool IsShown(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Access(MethodBase method) =>
        method.IsPublic ? "public" : method.IsFamilyOrAssembly ? "protected internal" : "protected";

    private static string FieldText(FieldInfo field)
    {
        var access = field.IsPublic ? "public" : field.IsFamilyOrAssembly ? "protected internal" : "protected";
        if (field.IsLiteral)
            return Normal($"{access} const {NameOf(field.FieldType)} {field.Name} = {Value(field.GetRawConstantValue(), field.FieldType)}");
        return $"{access} {(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{NameOf(field.FieldType)} {field.Name}";
    }

    private static string Modifiers(Type type, MethodBase method)
    {
        if (type.IsInterface)
            return "";
        var text = Access(method) + " ";
        if (method.IsStatic)
            text += "static ";
        else if (method.IsAbstract)
            text += "abstract ";
        else if (method is { IsVirtual: true, IsFinal: false })
            text += "virtual ";
        return text;
    }

    private static string PropertyText(Type type, PropertyInfo property, MethodInfo accessor)
    {
        var text = new StringBuilder(Modifiers(type, accessor)).Append(NameOf(property.PropertyType)).Append(' ');
        if (property.GetIndexParameters().Length > 0)
            text.Append("this[").Append(Parameters(property.GetIndexParameters(), extension: false)).Append(']');
        else
            text.Append(property.Name);
        text.Append(" { ");
        foreach (var (method, word) in new[] { (property.GetMethod, "get"), (property.SetMethod, "set") })
        {
            if (method is null || !IsShown(method))
                continue;
            if (!type.IsInterface && Access(method) != Access(accessor))
                text.Append(Access(method)).Append(' ');
            text.Append(word).Append("; ");
        }

        return text.Append('}').ToString();
    }

    private static string MethodText(Type type, MethodInfo method)
    {
        var name = method.Name is "op_Implicit" or "op_Explicit" ? method.Name[3..].ToLowerInvariant() + " operator" : method.Name;
        if (method.IsGenericMethod)
            name += $"<{string.Join(", ", method.GetGenericArguments().Select(NameOf))}>";
        return $"{Modifiers(type, method)}{NameOf(method.ReturnType)} {name}({Parameters(method)})";
    }

    private static string Parameters(MethodBase method) =>
        Parameters(method.GetParameters(), method.IsDefined(typeof(ExtensionAttribute), inherit: false));

    private static string Parameters(ParameterInfo[] parameters, bool extension)
    {
        var texts = parameters.Select((parameter, i) =>
        {
            var type = parameter.ParameterType;
            var text = i == 0 && extension ? "this " : "";
            if (parameter.IsDefined(typeof(ParamArrayAttribute)))
                text += "params ";
            if (type.IsByRef)
            {
                text += parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
                type = type.GetElementType()!;
            }

            text += $"{NameOf(type)} {parameter.Name}";
            return parameter.HasDefaultValue ? $"{text} = {Value(parameter.RawDefaultValue, type)}" : text;
        });
        return string.Join(", ", texts);
    }

    private static string Value(object? value, Type type) => value switch
    {
        null => type.IsValueType ? "default" : "null",
        _ when type.IsEnum => $"{type.Name}.{Enum.GetName(type, value)}",
        bool flag => flag ? "true" : "false",
        string text => $"\"{text.Replace("?", "", StringComparison.Ordinal)}\"",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string NameOf(Type type)
    {
        if (type.IsArray)
            return NameOf(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return NameOf(inner);
        if (type.IsGenericParameter)
            return type.Name;
        if (type.IsGenericType && type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal))
            return $"({string.Join(", ", type.GetGenericArguments().Select(NameOf))})";
        if (type.Namespace == "System" && !type.IsNested && Keywords.TryGetValue(type.Name, out var keyword))
            return keyword;
        var name = type.Name.Split('`')[0];
        if (type.IsGenericType && type.Name.Contains('`', StringComparison.Ordinal))
            name += $"<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
        return type.IsNested ? $"{NameOf(type.DeclaringType!)}.{name}" : name;
    }

    [GeneratedRegex(
        @"^(?<head>public (?:(?:static|abstract|sealed|readonly) )*(?:class|interface|struct|enum|delegate \S+)) (?<name>[A-Za-z0-9_.]+(?:<[^>]*>)?)",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Head();
}
