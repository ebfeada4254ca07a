using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using ActorTorrent.Engine.Probing;
using ActorTorrent.Wire.Peers;
using Spectre.Console;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>probe</c>: asks peers for their handshake, all at once, and prints what came of each.</summary>
internal static class ProbeCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var peers = new Argument<string[]>("peers")
        {
            Description = "A torrent file or magnet link, whose trackers are asked for peers, or peers as HOST:PORT (a name is probed at each of its addresses).",
            Arity = ArgumentArity.OneOrMore,
            HelpName = "FILE.torrent|MAGNET|HOST:PORT",
        };
        var infoHash = new Option<string?>("--info-hash")
        {
            Description = "The torrent's info hash, 40 hex digits; needed without a torrent file or magnet link.",
            HelpName = "HEX",
        };
        var defaults = new ProbeOptions();
        var connect = Deadline("--connect-timeout", "How long a connection may take, such as 500ms or 1m; by default 5s.");
        var handshake = Deadline("--handshake-timeout", "How long the 68 bytes may take once connected; by default 10s.");
        var concurrency = NumberOption.Create(
            "--concurrency", 1, int.MaxValue, "How many peers at once; by default all, as far as the limit of open files allows.");
        var json = new Option<bool>("--json") { Description = "One line of JSON a peer." };
        var command = new Command("probe", "Ask peers for their handshake, all at once, and say precisely what came of each.")
        {
            peers, infoHash, connect, handshake, concurrency, json,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(peers) ?? [],
            parsed.GetValue(infoHash),
            new ProbeOptions
            {
                ConnectTimeout = parsed.GetValue(connect) ?? defaults.ConnectTimeout,
                HandshakeTimeout = parsed.GetValue(handshake) ?? defaults.HandshakeTimeout,
                Concurrency = parsed.GetValue(concurrency),
            },
            parsed.GetValue(json),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error,
            cancellation));
        return command;
    }

    private static Option<TimeSpan?> Deadline(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : string.Empty;
            if (ProbeDuration.TryParse(text, out var duration))
                return duration;
            result.AddError($"{name}: '{text}' is not a duration such as 5s, 500ms or 1m, of at most a day.");
            return null;
        },
    };

    private static async Task<int> RunAsync(
        string[] arguments, string? infoHash, ProbeOptions options, bool json, TextWriter output, TextWriter error,
        CancellationToken cancellation)
    {
        try
        {
            var ownId = PeerId.Create(Random.Shared);
            var targets = await ProbeTargets.FindAsync(arguments, infoHash, ownId, cancellation);
            foreach (var remark in targets.Remarks)
                await error.WriteLineAsync(remark);
            if (targets.Peers.Count == 0)
            {
                await error.WriteLineAsync("probe: there is no peer to ask.");
                return ExitCode.NoProgress;
            }
            await ProbeAsync(new PeerProber(targets.InfoHash, ownId, options), options, targets, json, output, error, cancellation);
            return ExitCode.Ok;
        }
        catch (SocketException exception)
        {
            await error.WriteLineAsync($"probe: this host has no more sockets to give: {exception.Message}. Try a smaller --concurrency.");
            return ExitCode.Failed;
        }
    }

    private static async Task ProbeAsync(
        PeerProber prober, ProbeOptions options, ProbeTargets targets, bool json, TextWriter output, TextWriter error,
        CancellationToken cancellation)
    {
        var wanted = Math.Min(targets.Peers.Count, options.Concurrency ?? int.MaxValue);
        var concurrency = prober.ConcurrencyFor(targets.Peers.Count);
        if (concurrency < wanted)
        {
            await error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"At most {concurrency} at once instead of {wanted}: the limit of open files is {OpenFileLimit.Read()} (see ulimit -n)."));
        }
        var console = Terminal.Of(output);
        var width = targets.Peers.Max(static peer => ProbeLine.AddressOf(peer).Length);
        var results = new List<ProbeResult>(targets.Peers.Count);
        var started = Stopwatch.GetTimestamp();
        await foreach (var result in prober.ProbeAsync(targets.Peers, cancellation))
        {
            results.Add(result);
            if (json)
            {
                await output.WriteLineAsync(JsonSerializer.Serialize(ProbeLine.Of(result), ProbeJsonContext.Default.ProbeLine));
                continue;
            }
            var head = string.Create(
                CultureInfo.InvariantCulture,
                $"{ProbeLine.AddressOf(result.EndPoint).PadRight(width)}  {result.Elapsed.TotalMilliseconds,6:0} ms  ");
            var text = ProbeSummary.Describe(result);
            if (console is null)
                await output.WriteLineAsync(head + text);
            else
                console.MarkupLineInterpolated(result.Outcome == ProbeOutcome.Ok ? (FormattableString)$"{head}[green]{text}[/]" : $"{head}[red]{text}[/]");
        }
        if (!json)
            await output.WriteLineAsync(ProbeSummary.Of(results, Stopwatch.GetElapsedTime(started)));
    }
}
