using System.Text.Json;
using System.Text.RegularExpressions;

namespace ActorTorrent.Lab.Tests.Scenarios;

/// <summary>As much of JSON Schema as the scenarios' schema uses; a keyword that it does not know is a fault of the schema.</summary>
internal static class JsonSchemaCheck
{
    public static IReadOnlyList<string> Faults(JsonElement schema, JsonElement value)
    {
        var faults = new List<string>();
        Check(schema, schema, value, "$", faults);
        return faults;
    }

    private static void Check(JsonElement root, JsonElement schema, JsonElement value, string path, List<string> faults)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            switch (keyword.Name)
            {
                case "$ref":
                    Check(root, root.GetProperty("$defs").GetProperty(keyword.Value.GetString()!["#/$defs/".Length..]), value, path, faults);
                    break;
                case "type":
                    if (!IsOf(keyword.Value.GetString()!, value))
                        faults.Add($"{path}: is no {keyword.Value.GetString()}");
                    break;
                case "enum":
                    if (!keyword.Value.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, value)))
                        faults.Add($"{path}: {value} is none of the choices");
                    break;
                case "pattern":
                    if (!Regex.IsMatch(value.GetString() ?? "", keyword.Value.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)))
                        faults.Add($"{path}: {value} does not match");
                    break;
                case "minimum":
                    if (value.GetDouble() < keyword.Value.GetDouble())
                        faults.Add($"{path}: {value} is too small");
                    break;
                case "maximum":
                    if (value.GetDouble() > keyword.Value.GetDouble())
                        faults.Add($"{path}: {value} is too large");
                    break;
                case "required":
                    foreach (var name in keyword.Value.EnumerateArray())
                    {
                        if (!value.TryGetProperty(name.GetString()!, out _))
                            faults.Add($"{path}.{name}: is missing");
                    }
                    break;
                case "properties":
                    foreach (var property in value.EnumerateObject())
                    {
                        if (keyword.Value.TryGetProperty(property.Name, out var of))
                            Check(root, of, property.Value, $"{path}.{property.Name}", faults);
                        else if (schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.False)
                            faults.Add($"{path}.{property.Name}: is unknown");
                    }
                    break;
                case "items":
                    foreach (var item in value.EnumerateArray())
                        Check(root, keyword.Value, item, $"{path}[]", faults);
                    break;
                case "$schema" or "$id" or "$defs" or "title" or "description" or "default" or "additionalProperties":
                    break;
                default:
                    faults.Add($"the schema's keyword {keyword.Name} is not known to this check");
                    break;
            }
        }
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => false,
    };
}
