using System.Globalization;
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

    /// <summary>The day, UTC, of the last sample.</summary>
    public required string Date { get; init; }

    /// <summary>Processor, memory and kernel.</summary>
    public required string Machine { get; init; }

    /// <summary>Bytes of the content.</summary>
    public required long Size { get; init; }

    /// <summary>Bytes of a piece.</summary>
    public required int PieceLength { get; init; }

    /// <summary>The file system that the files lay on.</summary>
    public required string FileSystem { get; init; }

    /// <summary>How it was started.</summary>
    public required string Command { get; init; }

    /// <summary>The programs with their versions.</summary>
    public required IReadOnlyDictionary<TransferClient, string> Programs { get; init; }

    public required IReadOnlyList<TransferSample> Samples { get; init; }

    /// <summary>Transfers that came to nothing.</summary>
    public IReadOnlyList<TransferFailure> Failures { get; init; } = [];

    /// <summary>Date, machine and content, a line.</summary>
    [JsonIgnore]
    public string Setting => string.Create(
        CultureInfo.InvariantCulture, $"{Date}, {Machine}; {SizeText(Size)} in pieces of {SizeText(PieceLength)}, loopback, files on {FileSystem}");

    /// <summary>The programs with their versions, a line.</summary>
    [JsonIgnore]
    public string ProgramsLine => string.Join(", ", Programs.OrderBy(static program => program.Key).Select(static program => program.Value));

    public static TransferResults Load(string path) =>
        JsonSerializer.Deserialize<TransferResults>(File.ReadAllText(path), Json) ?? throw new InvalidDataException($"{path} holds no results.");

    /// <summary>Writes them, at once or not at all.</summary>
    public void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var made = path + ".new";
        File.WriteAllText(made, JsonSerializer.Serialize(this, Json));
        File.Move(made, path, overwrite: true);
    }

    /// <summary>These after older ones of the same content. What failed then is tried again.</summary>
    /// <exception cref="InvalidDataException">The older ones are of other content, or of another version of a program.</exception>
    public TransferResults After(TransferResults older)
    {
        if (older.Size != Size || older.PieceLength != PieceLength || !string.Equals(older.Machine, Machine, StringComparison.Ordinal))
            throw new InvalidDataException($"The results there are of another kind: {older.Setting}");
        foreach (var (client, program) in Programs)
        {
            if (older.Programs.TryGetValue(client, out var before) && !string.Equals(before, program, StringComparison.Ordinal))
                throw new InvalidDataException($"The results there are of {before}, not of {program}.");
        }
        return this with
        {
            Programs = older.Programs.Concat(Programs).DistinctBy(static program => program.Key).ToDictionary(),
            Command = older.Command,
            Samples = [.. older.Samples, .. Samples],
        };
    }

    private static string SizeText(long bytes)
    {
        foreach (var (name, shift) in new[] { ("GiB", 30), ("MiB", 20), ("KiB", 10) })
        {
            if (bytes % (1L << shift) == 0)
                return string.Create(CultureInfo.InvariantCulture, $"{bytes >> shift} {name}");
        }
        return string.Create(CultureInfo.InvariantCulture, $"{bytes} B");
    }
}
