using System.Globalization;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Probing;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Lab.Demo;
using ActorTorrent.Lab.Peers;
using Spectre.Console;

namespace ActorTorrent.Cli;

/// <summary>Prints a demo: with colours and borders on a terminal, as plain lines elsewhere.</summary>
internal sealed class DemoView : IDemoView
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(2);

    private readonly TextWriter _output;
    private readonly IAnsiConsole? _console;
    private long _lastProgress;

    /// <param name="output">Where to print.</param>
    /// <param name="console">The terminal, when that is one.</param>
    public DemoView(TextWriter output, IAnsiConsole? console)
    {
        _output = output;
        _console = console;
    }

    /// <inheritdoc/>
    public void Say(string text) => Line($"{text}");

    /// <inheritdoc/>
    public void Probed(IReadOnlyList<ProbeResult> results, TimeSpan elapsed)
    {
        var ordered = results.OrderBy(static result => result.Outcome).ToArray();
        Table(
            ["peer", "ms", "outcome", "peer id", "client or proof"],
            ordered.Select(static result => new[]
            {
                result.EndPoint.ToString(),
                result.Elapsed.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture),
                ProbeSummary.Name(result.Outcome),
                result.PeerId?.ToString() ?? string.Empty,
                result.Client ?? result.Detail ?? string.Empty,
            }),
            static row => row[2] == "OK" ? "green" : "red");
        Line($"{ProbeSummary.Of(results, elapsed)}");
    }

    /// <inheritdoc/>
    public void DownloadStarts(IReadOnlyList<StubPeer> faulty)
    {
        Line($"");
        Line($"Downloading from whoever serves. These will fail on the way:");
        foreach (var peer in faulty)
            Line($"  {peer.EndPoint} ({Client(peer)}) {Plan(peer.Script)}");
    }

    /// <inheritdoc/>
    public void Progress(TorrentSnapshot snapshot)
    {
        var now = Environment.TickCount64;
        if (_lastProgress != 0 && now - _lastProgress < ProgressEvery.TotalMilliseconds)
            return;
        _lastProgress = now;
        var share = snapshot.BytesWanted == 0 ? 1 : (double)snapshot.BytesVerified / snapshot.BytesWanted;
        Line(
            $"  {share * 100,5:0.0} %  {Text.Bytes(snapshot.BytesVerified),9} verified  {Text.Rate(snapshot.DownloadRate),11}  {snapshot.Peers.Running,2} peers  {snapshot.Faults,3} faults  ETA {Text.Time(snapshot.Eta)}");
    }

    /// <inheritdoc/>
    public void Fault(FaultJournalEntry fault, TimeSpan since)
    {
        var what = $"{FaultNames.Of(fault.Fault.Phase)}: {FaultNames.Of(fault.Fault.Cause)}";
        var done = fault.Decision.Action switch
        {
            FaultAction.Restart => string.Create(
                CultureInfo.InvariantCulture, $"restart, dial again in {fault.Decision.Delay.TotalSeconds:0.0} s"),
            var action => FaultNames.Of(action),
        };
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"  {since.TotalSeconds,5:0.0} s  {fault.Fault.EndPoint} ({fault.Fault.Client ?? "not connected"}) {what} ({Text.Printable(fault.Fault.Detail)}) -> {done} ({fault.Decision.Reason}); attempt {fault.Attempt}, {fault.BlocksReturned} blocks returned");
        if (_console is null)
            _output.WriteLine(text);
        else
            _console.MarkupLineInterpolated($"[yellow]{text}[/]");
    }

    /// <summary>Prints what it came to.</summary>
    public void Conclude(DemoReport report)
    {
        Line($"");
        Table(
            ["", "promised", "found"],
            report.Checks.Select(static check => new[] { check.Passed ? "yes" : "NO", check.Promise, check.Found }),
            static row => row[0] == "yes" ? "green" : "red");
        var kept = report.Checks.Count(static check => check.Passed);
        Line($"{(report.Passed ? "PASSED" : "FAILED")}: {kept} of {report.Checks.Count} promises kept in {report.Elapsed.TotalSeconds:0.0} s.");
    }

    private static string Client(StubPeer peer) => Wire.Peers.PeerClient.Describe(peer.PeerId);

    private static string Plan(PeerScript script) => script switch
    {
        { Corruption: { } corruption } => string.Create(CultureInfo.InvariantCulture, $"flips a bit in every {corruption.Every}th block"),
        { Fault: { Ending: TransferEnding.Stall } fault } => $"stalls after {Text.Bytes(fault.AfterBytes)}",
        { Fault: { Ending: TransferEnding.Reset, ReturnsAfter: { } back } fault } => string.Create(
            CultureInfo.InvariantCulture, $"resets after {Text.Bytes(fault.AfterBytes)}, comes back {back.TotalSeconds:0.0} s later"),
        { Fault: { } fault } => $"dies after {Text.Bytes(fault.AfterBytes)}",
        _ => "serves",
    };

    private void Line(FormattableString text)
    {
        var line = text.ToString(CultureInfo.InvariantCulture);
        if (_console is null)
            _output.WriteLine(line);
        else
            _console.WriteLine(line);
    }

    private void Table(string[] heads, IEnumerable<string[]> rows, Func<string[], string> colour)
    {
        if (_console is not null)
        {
            var table = new Table { Border = TableBorder.Rounded };
            foreach (var head in heads)
                table.AddColumn(head);
            foreach (var row in rows)
                table.AddRow(row.Select(cell => $"[{colour(row)}]{Markup.Escape(cell)}[/]").ToArray());
            _console.Write(table);
            return;
        }
        string[][] lines = [heads, .. rows];
        var widths = heads.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
            _output.WriteLine(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
