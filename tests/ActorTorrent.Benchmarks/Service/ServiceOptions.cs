using System.Globalization;
using ActorTorrent.Benchmarks.Transfer;

namespace ActorTorrent.Benchmarks.Service;

/// <summary>What the command line of <c>service</c> asked for.</summary>
internal sealed record ServiceOptions
{
    /// <summary>What is measured: <c>torrents</c>, <c>load</c>, <c>requests</c>, or all when it is not said.</summary>
    public string? Part { get; init; }

    public int Torrents { get; init; } = 1000;

    /// <summary>How long the CPU at rest is measured.</summary>
    public TimeSpan Span { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The length of a part of a download.</summary>
    public long Size { get; init; } = 512L << 20;

    /// <summary>How many parts a download has.</summary>
    public int Downloads { get; init; } = 8;

    public int Requests { get; init; } = 10_000;

    public int Clients { get; init; } = 100;

    public int Rounds { get; init; } = 5;

    /// <summary>What the clients ask for, <c>{0}</c> standing for the torrent; null for the usual.</summary>
    public IReadOnlyList<string>? Paths { get; init; }

    /// <summary>How the programs are found, as <c>transfer</c> takes it.</summary>
    public TransferOptions Transfer { get; init; } = new() { Clients = [TransferClient.Ours, TransferClient.Transmission] };

    /// <summary>Reads them.</summary>
    /// <exception cref="FormatException">One of them cannot be used; the message says which.</exception>
    public static ServiceOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new ServiceOptions();
        var rest = new List<string> { "--only", "ours,transmission" };
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            int Number() => ++i < arguments.Count && int.TryParse(arguments[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                ? number
                : throw new FormatException($"{name} needs a number above 0");
            switch (name)
            {
                case "torrents" or "load" or "requests" when i == 0:
                    options = options with { Part = name };
                    break;
                case "--torrents":
                    options = options with { Torrents = Number() };
                    break;
                case "--seconds":
                    options = options with { Span = TimeSpan.FromSeconds(Number()) };
                    break;
                case "--downloads":
                    options = options with { Downloads = Number() };
                    break;
                case "--requests":
                    options = options with { Requests = Number() };
                    break;
                case "--clients":
                    options = options with { Clients = Number() };
                    break;
                case "--rounds":
                    options = options with { Rounds = Number() };
                    break;
                case "--paths":
                    options = options with { Paths = ++i < arguments.Count ? arguments[i].Split(',') : throw new FormatException($"{name} needs paths") };
                    break;
                default:
                    rest.Add(name);
                    break;
            }
        }
        var transfer = TransferOptions.Parse(rest);
        return options with { Transfer = transfer, Size = arguments.Contains("--size") ? transfer.Size : options.Size };
    }
}
