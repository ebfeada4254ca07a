namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>What one transfer took. Times are seconds, memory is bytes.</summary>
internal sealed record TransferSample
{
    public required string Row { get; init; }

    public required TransferClient Client { get; init; }

    /// <summary>Bytes of content that crossed: one copy a leecher.</summary>
    public required long Bytes { get; init; }

    /// <summary>From the start of the process (of the leechers, when seeding) until all was complete.</summary>
    public required double Wall { get; init; }

    /// <summary>From the same start until payload was seen on the loopback interface; null when it was not.</summary>
    public double? FirstPayload { get; init; }

    /// <summary>CPU time, user and system, of the measured process: its whole life (downloading), the transfer alone (seeding).</summary>
    public required double Cpu { get; init; }

    /// <summary>The most resident memory, with the files that the process has mapped.</summary>
    public required long PeakResident { get; init; }

    /// <summary>The most anonymous memory.</summary>
    public required long PeakAnonymous { get; init; }

    /// <summary>Ours alone: bytes allocated on the managed heap during the transfer.</summary>
    public long? Allocated { get; init; }

    /// <summary>Ours alone: collections of generation 2 during the transfer.</summary>
    public int? Gen2 { get; init; }

    /// <summary>Ours alone: collections of all generations during the transfer.</summary>
    public int? Collections { get; init; }

    /// <summary>Ours alone: milliseconds that collections stopped all threads.</summary>
    public double? GcPause { get; init; }
}
