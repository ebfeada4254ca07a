using System.Text.Json;

namespace ActorTorrent.Service.Transmission;

/// <summary>A request's arguments. As in Transmission, one of another type than expected counts as not given.</summary>
internal readonly struct RpcArguments(JsonElement arguments)
{
    /// <summary>Whether an argument is there, of whatever type.</summary>
    public bool Has(string name) => TryGet(name, out _);

    /// <summary>A text; null when it is not given.</summary>
    public string? Text(string name) => TryGet(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A yes or no; null when it is not given. Numbers count: 0 means no.</summary>
    public bool? Flag(string name) => !TryGet(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.TryGetInt64(out var number) && number != 0,
        _ => null,
    };

    /// <summary>A whole number; null when it is not given, or there is no such number.</summary>
    public int? Number(string name) => TryGet(name, out var value) && value.ValueKind == JsonValueKind.Number
        ? value.TryGetInt32(out var number) ? number
            : value.TryGetDouble(out var real) && real is >= int.MinValue and <= int.MaxValue ? (int)real : null
        : null;

    /// <summary>A number; null when it is not given.</summary>
    public double? Real(string name) =>
        TryGet(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    /// <summary>A list of whole numbers; null when it is not given. What is none is passed over.</summary>
    public IReadOnlyList<int>? Numbers(string name)
    {
        if (!TryGet(name, out var value) || value.ValueKind != JsonValueKind.Array)
            return null;
        var numbers = new List<int>();
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var number))
                numbers.Add(number);
        }
        return numbers;
    }

    /// <summary>A list of texts; null when it is not given. What is none is passed over.</summary>
    public IReadOnlyList<string>? Texts(string name) =>
        TryGet(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(static item => item.ValueKind == JsonValueKind.String).Select(static item => item.GetString()!)]
            : null;

    /// <summary>The items of a list, or a single value as the only one; null when it is not given.</summary>
    public IReadOnlyList<JsonElement>? Items(string name) =>
        !TryGet(name, out var value) ? null : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];

    private bool TryGet(string name, out JsonElement value)
    {
        value = default;
        return arguments.ValueKind == JsonValueKind.Object && arguments.TryGetProperty(name, out value);
    }
}
