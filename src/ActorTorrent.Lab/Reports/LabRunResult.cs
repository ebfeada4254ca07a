using System.Text.Json.Serialization;
using ActorTorrent.Lab.Running;
using ActorTorrent.Lab.Scenarios;

namespace ActorTorrent.Lab.Reports;

/// <summary>What one run came to.</summary>
public sealed record LabRunResult
{
    /// <summary>The scenario.</summary>
    public string Scenario { get; init; } = "";

    /// <summary>How the engine was set up.</summary>
    public string Variant { get; init; } = "";

    /// <summary>The number of the repetition, from 1.</summary>
    public int Repetition { get; init; }

    /// <summary>The seed.</summary>
    public int Seed { get; init; }

    /// <summary>What the engine did.</summary>
    public EngineRole Role { get; init; }

    /// <summary>Whether it was stopped before its end.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>Whether the files were read back and match; null when there was nothing to check.</summary>
    public bool? IsVerified { get; init; }

    /// <summary>Seconds until the download, or the probe, was complete; null when it was not.</summary>
    public double? CompletedAfter { get; init; }

    /// <summary>Seconds that the run took.</summary>
    public double Seconds { get; init; }

    /// <summary>Bytes of the torrent.</summary>
    public long TorrentBytes { get; init; }

    /// <summary>Why there was no progress any more; null when there was.</summary>
    public string? Stuck { get; init; }

    /// <summary>How it stood, four times a second.</summary>
    public IReadOnlyList<LabSample> Samples { get; init; } = [];

    /// <summary>What was done to it.</summary>
    public IReadOnlyList<FaultMark> Marks { get; init; } = [];

    /// <summary>Peers' faults by cause and what supervision did.</summary>
    public IReadOnlyList<FaultCount> Faults { get; init; } = [];

    /// <summary>Blocks that went back to be asked of others.</summary>
    public long BlocksReturned { get; init; }

    /// <summary>Pieces that failed their hash.</summary>
    public int FailedPieces { get; init; }

    /// <summary>What the stub peers saw, by group.</summary>
    public IReadOnlyList<GroupCounts> Groups { get; init; } = [];

    /// <summary>How probes ended.</summary>
    public IReadOnlyList<OutcomeCount> Outcomes { get; init; } = [];

    /// <summary>Probes that did not end as the peer's script says.</summary>
    public int WrongOutcomes { get; init; }

    /// <summary>Recovery after each injected fault.</summary>
    [JsonIgnore]
    public IReadOnlyList<Recovery> Recoveries => RecoveryMeter.Measure(this);

    /// <summary>Bytes a second that were of use: verified when downloading, sent when seeding.</summary>
    [JsonIgnore]
    public double Goodput => Seconds <= 0 || Samples.Count == 0 ? 0
        : Role == EngineRole.Seed ? Samples[^1].Uploaded / Samples[^1].Seconds
        : CompletedAfter is { } after ? TorrentBytes / after
        : Samples[^1].Verified / Seconds;

    /// <summary>
    /// Jain's index of what the stub peers were sent: 1 when all were sent the same, 1/n when one of n was sent everything; null when nobody was
    /// sent anything.
    /// </summary>
    [JsonIgnore]
    public double? Fairness => Groups.Sum(static group => group.ReceivedSquares) is > 0 and var squares
        ? Math.Pow(Groups.Sum(static group => (double)group.Received), 2) / (squares * Groups.Sum(static group => group.Peers))
        : null;

    /// <summary>Bytes received in vain.</summary>
    [JsonIgnore]
    public long Wasted => Samples.Count == 0 ? 0 : Samples.Max(static sample => sample.Wasted);

    /// <summary>Restarts of peers.</summary>
    [JsonIgnore]
    public long Restarts => Faults.Where(static fault => fault.Action == "restart").Sum(static fault => fault.Count);

    /// <summary>Processor seconds.</summary>
    [JsonIgnore]
    public double CpuSeconds => Samples.Count == 0 ? 0 : Samples[^1].CpuSeconds - Samples[0].CpuSeconds;

    /// <summary>The greatest resident memory, in bytes.</summary>
    [JsonIgnore]
    public long PeakResidentBytes => Samples.Count == 0 ? 0 : Samples.Max(static sample => sample.ResidentBytes);

    /// <summary>The greatest number of connections that stood, as the stub peers see it.</summary>
    [JsonIgnore]
    public long PeakLive => Samples.Count == 0 ? 0 : Samples.Max(static sample => sample.Live);

    /// <summary>Seconds until nearly all (99 %) of these stood.</summary>
    [JsonIgnore]
    public double? ConnectedAfter => PeakLive == 0 ? null : Samples.First(sample => sample.Live >= PeakLive * 0.99).Seconds;

    /// <summary>The fewest connections that stood from then on.</summary>
    [JsonIgnore]
    public long HeldLive => ConnectedAfter is { } from ? Samples.Where(sample => sample.Seconds >= from).Min(static sample => sample.Live) : 0;

    /// <summary>The greatest number of messages in mailboxes.</summary>
    [JsonIgnore]
    public int PeakMailboxDepth => Samples.Count == 0 ? 0 : Samples.Max(static sample => sample.MailboxDepth);
}
