using System.Net;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Faults;

/// <summary>
/// Incoming connections that no torrent took in: counted, and told of as far as a bounded rate allows, so that a flood of them fills neither
/// journals nor logs. Safe for use from several actors at once.
/// </summary>
/// <param name="options">How many are told of in a second.</param>
/// <param name="time">The clock.</param>
public sealed class Refusals(FaultOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[Enum.GetValues<FaultCause>().Length];
    private double _allowance = options.ToldPerSecond;
    private long _filledAt = time.GetTimestamp();

    /// <summary>Connections turned away since the start, for one cause.</summary>
    public long CountOf(FaultCause cause) => Interlocked.Read(ref _counts[(int)cause]);

    /// <summary>Counts a connection that is turned away.</summary>
    /// <param name="endPoint">Where it came from.</param>
    /// <param name="torrent">The torrent that it named; the default while it had named none.</param>
    /// <param name="cause">Why.</param>
    /// <param name="detail">Why, in words.</param>
    /// <param name="client">Its client, when its handshake was read.</param>
    /// <param name="evidence">The bytes that prove it.</param>
    /// <returns>The entry to be told of; null when there were too many of late.</returns>
    public FaultJournalEntry? Count(
        IPEndPoint endPoint, InfoHash torrent, FaultCause cause, string detail, string? client = null, ReadOnlyMemory<byte> evidence = default)
    {
        Interlocked.Increment(ref _counts[(int)cause]);
        if (!MayTell())
            return null;
        return new FaultJournalEntry(
            time.GetUtcNow(),
            torrent,
            new PeerFault(Session: 0, endPoint, PeerDirection.Incoming, FaultPhase.Handshake, cause, detail, client, evidence),
            new FaultDecision(FaultAction.Stop, TimeSpan.Zero, "it dialled us: coming back is up to it"),
            Attempt: 1,
            BlocksReturned: 0)
        {
            Source = Coordination.PeerSource.Incoming,
        };
    }

    private bool MayTell()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _allowance = Math.Min(options.ToldPerSecond, _allowance + (time.GetElapsedTime(_filledAt, now).TotalSeconds * options.ToldPerSecond));
            _filledAt = now;
            if (_allowance < 1)
                return false;
            _allowance--;
            return true;
        }
    }
}
