using System.Globalization;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>What the command line of <c>transfer</c> asked for.</summary>
internal sealed record TransferOptions
{
    public long Size { get; init; } = 1L << 30;

    public int PieceLength { get; init; } = 1 << 20;

    public int Rounds { get; init; } = 3;

    public bool WarmsUp { get; init; } = true;

    /// <summary>Whether it is the short form, whose figures say little.</summary>
    public bool IsQuick { get; init; }

    public IReadOnlyList<TransferRow> Rows { get; init; } = TransferRow.All;

    public IReadOnlyList<TransferClient> Clients { get; init; } = Enum.GetValues<TransferClient>();

    /// <summary>The folder that the benchmark's own folder is made in; in memory when there is room.</summary>
    public string? Folder { get; init; }

    /// <summary>The program to measure as ours; null: publish it.</summary>
    public string? Program { get; init; }

    /// <summary>Which published form, one of <see cref="PublishedProgram.Forms"/>; null: native where there is a linker.</summary>
    public string? Form { get; init; }

    /// <summary>Whether what was published before is taken as it is.</summary>
    public bool KeepsPublished { get; init; }

    /// <summary>Profiles and files of settings that ours is started with.</summary>
    public IReadOnlyList<string> Profiles { get; init; } = [];

    /// <summary>The file of samples, written anew after each; null: in the folder of what is built.</summary>
    public string? Results { get; init; }

    /// <summary>Whether samples that are in the file count, and only what is missing is measured.</summary>
    public bool Resumes { get; init; }

    /// <summary>The file that the chart goes to; null: beside the results.</summary>
    public string? Chart { get; init; }

    /// <summary>The arguments as they were given, for who wants the same again.</summary>
    public string Line { get; init; } = "";

    /// <summary>What one transfer may take.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>Reads them.</summary>
    /// <exception cref="FormatException">One of them cannot be used; the message says which.</exception>
    public static TransferOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new TransferOptions { Line = string.Join(' ', arguments) };
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            string Value() => ++i < arguments.Count ? arguments[i] : throw new FormatException($"{name} needs a value");
            int Number(int least)
            {
                var text = Value();
                return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
                    ? number
                    : throw new FormatException($"{name}: '{text}' is not a number from {least} on");
            }
            options = name switch
            {
                "--quick" => options with { IsQuick = true, Size = 256L << 20, Rounds = 1, Clients = [TransferClient.Ours, TransferClient.Libtorrent] },
                "--size" => options with { Size = Bytes(name, Value()) },
                "--piece-length" => options with { PieceLength = (int)Bytes(name, Value()) },
                "--rounds" => options with { Rounds = Number(1) },
                "--no-warm-up" => options with { WarmsUp = false },
                "--row" => options with { Rows = List(name, Value(), Row) },
                "--only" => options with { Clients = List(name, Value(), Client) },
                "--folder" => options with { Folder = Value() },
                "--program" => options with { Program = Path.GetFullPath(Value()) },
                "--form" => options with { Form = PublishedProgram.Forms.Contains(Value()) ? arguments[i] : throw new FormatException($"--form is one of {string.Join(", ", PublishedProgram.Forms)}") },
                "--no-publish" => options with { KeepsPublished = true },
                "--profile" => options with { Profiles = [.. options.Profiles, Value()] },
                "--results" => options with { Results = Path.GetFullPath(Value()) },
                "--resume" => options with { Resumes = true },
                "--chart" => options with { Chart = Path.GetFullPath(Value()) },
                "--deadline" => options with { Deadline = TimeSpan.FromSeconds(Number(1)) },
                _ => throw new FormatException($"unknown argument: {name}"),
            };
        }
        return options;
    }

    private static List<T> List<T>(string name, string text, Func<string, T?> parse)
        where T : notnull =>
        [.. text.Split(',').Select(part => parse(part) ?? throw new FormatException($"{name}: there is no '{part}'"))];

    private static TransferRow? Row(string name) => TransferRow.All.FirstOrDefault(row => string.Equals(row.Name, name, StringComparison.Ordinal));

    private static TransferClient Client(string name) =>
        Enum.TryParse<TransferClient>(name, ignoreCase: true, out var client) && Enum.IsDefined(client)
            ? client
            : throw new FormatException($"--only: there is no '{name}'");

    private static long Bytes(string name, string text)
    {
        var units = new (string Suffix, int Shift)[] { ("GiB", 30), ("MiB", 20), ("KiB", 10), ("", 0) };
        var (suffix, shift) = units.First(unit => text.EndsWith(unit.Suffix, StringComparison.OrdinalIgnoreCase));
        return long.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number << shift
            : throw new FormatException($"{name}: '{text}' is not a size such as 256MiB");
    }
}
