using System.Diagnostics;
using System.Globalization;
using System.Net;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Probing;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Lab.Scenarios;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Lab.Demo;

/// <summary>
/// The demo: the first write-up's swarm, probed all at once, then a download from those that answered while four of them fail. Every
/// promise is checked against what stub peers, engine and disk say.
/// </summary>
public sealed class DemoRun
{
    private readonly DemoPlan _plan;
    private readonly IDemoView _view;
    private readonly List<DemoCheck> _checks = [];

    /// <summary>Makes a demo.</summary>
    /// <param name="plan">Its sizes and times.</param>
    /// <param name="view">Is shown it.</param>
    public DemoRun(DemoPlan plan, IDemoView view)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(view);
        _plan = plan;
        _view = view;
    }

    /// <summary>Runs it, once. Files go to a folder of its own among the temporary ones, which is removed at the end.</summary>
    public async Task<DemoReport> RunAsync(CancellationToken cancellation = default)
    {
        var started = Stopwatch.GetTimestamp();
        var size = _plan.TotalBytes >> 20;
        _view.Say($"Starting a tracker and {FirstWriteupSwarm.Size} peers on loopback addresses; they share {size} MiB made from seed {_plan.Seed}.");
        await using var swarm = await DemoSwarm.StartAsync(_plan, cancellation);
        // The hashes to check the files by are made while the probe waits for silent peers.
        var hashing = Task.Run(swarm.Content.PrepareFileHashes, cancellation);
        await ProbeAsync(swarm, cancellation);
        await hashing;
        var folder = Directory.CreateTempSubdirectory("actortorrent-demo-");
        try
        {
            await DownloadAsync(swarm, folder.FullName, cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return new DemoReport(_checks, Stopwatch.GetElapsedTime(started));
    }

    private async Task ProbeAsync(DemoSwarm swarm, CancellationToken cancellation)
    {
        var peers = await swarm.AskTrackerAsync(cancellation);
        _view.Say($"The tracker at {swarm.AnnounceUri} named {peers.Count} peers. Probing all of them at once.");
        var prober = new PeerProber(swarm.Content.InfoHash, PeerId.Create(Random.Shared), _plan.Probe);
        var started = Stopwatch.GetTimestamp();
        var byAddress = new Dictionary<IPEndPoint, ProbeResult>();
        await foreach (var result in prober.ProbeAsync(peers, cancellation))
            byAddress.Add(result.EndPoint, result);
        var elapsed = Stopwatch.GetElapsedTime(started);
        ProbeResult[] results = [.. peers.Select(peer => byAddress[peer])];
        _view.Probed(results, elapsed);

        var answered = results.Count(static r => r.Outcome == ProbeOutcome.Ok);
        var timedOut = results.Count(static r => r.Outcome is ProbeOutcome.ConnectTimeout or ProbeOutcome.HandshakeTimeout);
        var refused = results.Count(static r => r.Outcome == ProbeOutcome.Refused);
        var closed = results.Count(static r => r.Outcome == ProbeOutcome.Closed);
        var reset = results.Count(static r => r.Outcome == ProbeOutcome.Reset);
        Check(
            $"{FirstWriteupSwarm.Size} peers: 13 answer, 23 time out, 6 refuse, 7 close early, 1 resets",
            results.Length == FirstWriteupSwarm.Size && (answered, timedOut, refused, closed, reset) == (13, 23, 6, 7, 1),
            $"{answered} answered, {timedOut} timed out, {refused} refused, {closed} closed, {reset} reset");
        var named = swarm.Answering.Count(peer => byAddress.GetValueOrDefault(peer.EndPoint)?.PeerId == peer.PeerId);
        Check("each of the 13 told its own peer id", named == swarm.Answering.Count, $"{named} did");
        var allowed = _plan.Probe.HandshakeTimeout + _plan.ProbeGrace;
        Check($"all probed within {Seconds(allowed)}", elapsed <= allowed, Seconds(elapsed));
    }

    private async Task DownloadAsync(DemoSwarm swarm, string folder, CancellationToken cancellation)
    {
        _view.DownloadStarts(swarm.Faulty);
        var torrent = TorrentFileParser.Parse(swarm.Content.BuildTorrent(swarm.AnnounceUri));
        var serving = swarm.Answering.Select(static peer => peer.EndPoint).ToHashSet();
        var download = await DemoDownload.RunAsync(
            torrent,
            folder,
            _plan.Profiles,
            _view.Progress,
            (fault, since) =>
            {
                if (serving.Contains(fault.Fault.EndPoint))
                    _view.Fault(fault, since);
            },
            cancellation);
        Check(
            $"{_plan.TotalBytes >> 20} MiB downloaded",
            download.Failure is null,
            download.Failure ?? $"in {Seconds(download.Elapsed)}, {download.Final?.Wasted >> 10} KiB of it in vain");
        CheckFaults(swarm, download);
        var causes = download.Faults.CountBy(static entry => entry.Fault.Cause).OrderByDescending(static count => count.Value);
        _view.Say(
            $"Faults of all 50 peers during the download: {string.Join(", ", causes.Select(static count => $"{count.Value} {FaultNames.Of(count.Key)}"))}.");
        _view.Say("Reading the files back: SHA-1 of every piece, SHA-256 of every file.");
        var verdict = await Task.Run(() => swarm.Content.Verify(folder, cancellation), cancellation);
        Check("every piece has its SHA-1", verdict.GoodPieces == verdict.Pieces, $"{verdict.GoodPieces} of {verdict.Pieces}");
        Check(
            "every file has its SHA-256",
            verdict.GoodFiles == verdict.Files,
            string.Join("; ", [$"{verdict.GoodFiles} of {verdict.Files}", .. verdict.Differences]));
    }

    private void CheckFaults(DemoSwarm swarm, DemoDownloadResult download)
    {
        var faults = download.Faults.ToLookup(static entry => entry.Fault.EndPoint);
        CheckDeath(swarm.Reset, "resets in the middle of a piece", FaultCause.Reset);
        CheckDeath(swarm.Closed, "closes in the middle of a piece", FaultCause.Closed);
        var after = swarm.Reset.Counts;
        Check(
            $"{swarm.Reset.EndPoint} came back, was dialled again and served on",
            after.Bytes > _plan.ResetAfterBytes,
            $"{after.Bytes >> 10} KiB served, {after.Handshakes} handshakes");

        var snub = faults[swarm.Stalled.EndPoint].FirstOrDefault(static entry => entry.Fault.Cause == FaultCause.Snubbed);
        Check(
            $"{swarm.Stalled.EndPoint} stalls; its blocks go to others",
            swarm.Stalled.Counts.FaultStruck && snub is { BlocksReturned: > 0 },
            snub is null ? "nothing noticed" : Describe(snub));

        var banned = download.Faults.Where(static entry => entry.Decision.Action == FaultAction.Ban).ToArray();
        Check(
            $"{swarm.Liar.EndPoint} sends corrupt blocks, is proven guilty and banned; nobody else is",
            swarm.Liar.Counts.CorruptBlocks > 0 && banned.Length > 0
                && banned.All(entry => entry.Fault.EndPoint.Equals(swarm.Liar.EndPoint) && entry.Fault.Cause == FaultCause.HashFailure),
            $"{download.FailedPieces} pieces failed their hash; banned: {string.Join(", ", banned.Select(static entry => entry.Fault.EndPoint))}");

        void CheckDeath(StubPeer peer, string what, FaultCause cause)
        {
            var death = faults[peer.EndPoint].FirstOrDefault(entry => entry.Fault.Cause == cause && entry.Fault.Phase == FaultPhase.Transfer);
            Check(
                $"{peer.EndPoint} {what}; its actor is restarted",
                peer.Counts.FaultStruck && death?.Decision.Action == FaultAction.Restart,
                death is null ? "nothing noticed" : Describe(death));
        }
    }

    private static string Describe(FaultJournalEntry entry) => string.Create(
        CultureInfo.InvariantCulture,
        $"{FaultNames.Of(entry.Fault.Cause)}, {FaultNames.Of(entry.Decision.Action)}, {entry.BlocksReturned} blocks returned");

    private void Check(string promise, bool passed, string found) => _checks.Add(new DemoCheck(promise, passed, found));

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";
}
