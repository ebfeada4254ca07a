using ActorTorrent.Engine.Coordination;

namespace ActorTorrent.Engine.Telemetry;

/// <summary>Running peers by who named them first or best; see <see cref="PeerSource"/>.</summary>
/// <param name="Manual">Named by the user or a magnet link.</param>
/// <param name="Tracker">By a tracker.</param>
/// <param name="Lsd">By multicast in the local network.</param>
/// <param name="Incoming">They dialled us.</param>
/// <param name="Dht">By the DHT.</param>
/// <param name="Pex">By other peers.</param>
public readonly record struct PeerSourceCounts(int Manual, int Tracker, int Lsd, int Incoming, int Dht, int Pex)
{
    /// <summary>Those that are not zero, by the sources' names as users meet them.</summary>
    public IEnumerable<KeyValuePair<string, int>> Named()
    {
        var counts = (ReadOnlySpan<int>)[Manual, Tracker, Lsd, Incoming, Dht, Pex];
        var named = new List<KeyValuePair<string, int>>();
        for (var source = 0; source < counts.Length; source++)
        {
            if (counts[source] > 0)
                named.Add(KeyValuePair.Create(Faults.FaultNames.SnakeCase(((PeerSource)source).ToString()), counts[source]));
        }
        return named;
    }
}
