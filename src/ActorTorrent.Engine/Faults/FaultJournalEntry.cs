using ActorTorrent.Engine.Coordination;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Faults;

/// <summary>A fault, what was decided about it, and what it cost. Published on the event stream.</summary>
/// <param name="Time">When, in UTC.</param>
/// <param name="Torrent">The torrent.</param>
/// <param name="Fault">The fault.</param>
/// <param name="Decision">What supervision did.</param>
/// <param name="Attempt">Failures of the address in a row, this one included.</param>
/// <param name="BlocksReturned">Blocks that went back to the picker.</param>
public sealed record FaultJournalEntry(
    DateTimeOffset Time,
    InfoHash Torrent,
    PeerFault Fault,
    FaultDecision Decision,
    int Attempt,
    int BlocksReturned)
{
    /// <summary>Who named the peer.</summary>
    public PeerSource Source { get; init; }
}
