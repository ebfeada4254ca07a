using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>What a benchmark measured, and on what.</summary>
internal sealed record TransferResults
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Date, machine and content, a line.</summary>
    public required string Setting { get; init; }

    /// <summary>The programs with their versions.</summary>
    public required IReadOnlyList<string> Programs { get; init; }

    public required IReadOnlyList<TransferSample> Samples { get; init; }

    public static TransferResults Load(string path) =>
        JsonSerializer.Deserialize<TransferResults>(File.ReadAllText(path), Json) ?? throw new InvalidDataException($"{path} holds no results.");

    public void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(this, Json));
    }

    /// <summary>These and older ones of the same setting's kind: programs joined, samples after the older.</summary>
    public TransferResults After(TransferResults older) => this with
    {
        Programs = [.. older.Programs.Union(Programs, StringComparer.Ordinal)],
        Samples = [.. older.Samples, .. Samples],
    };
}
