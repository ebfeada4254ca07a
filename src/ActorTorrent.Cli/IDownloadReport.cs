using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Cli;

/// <summary>Shows a download to people or programs.</summary>
internal interface IDownloadReport : IDisposable
{
    /// <summary>It is under way.</summary>
    void Started(TorrentSpec spec, int port);

    /// <summary>Its state at a steady pace.</summary>
    void Progress(TorrentSnapshot snapshot);

    /// <summary>The engine's actors, every few seconds, when they were asked for.</summary>
    void Actors(ActorCensus census);

    /// <summary>A peer failed, and what was done about it.</summary>
    void Fault(FaultJournalEntry entry);

    /// <summary>Something happened that is not a peer's fault.</summary>
    void Happened(TorrentEvent what);

    /// <summary>Complete and verified.</summary>
    void Completed(TorrentSnapshot final, TimeSpan elapsed, IReadOnlyDictionary<FaultCause, long> faults);

    /// <summary>All was there from the start, and is served from now on.</summary>
    void Seeding(TorrentMetainfo metainfo, int port);

    /// <summary>It ends without being complete, or after seeding.</summary>
    void Ended(string how, string reason, TorrentSnapshot? last);
}
