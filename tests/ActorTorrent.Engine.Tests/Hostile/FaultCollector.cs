using System.Net;
using System.Threading.Channels;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <summary>Reads an engine's events as they come: the faults by address, and whatever else tests ask for.</summary>
internal sealed class FaultCollector
{
    private readonly Lock _gate = new();
    private readonly List<FaultJournalEntry> _faults = [];
    private readonly List<object> _events = [];

    public FaultCollector(ChannelReader<object> events) => Reading = ReadAsync(events);

    /// <summary>Ends with the engine.</summary>
    public Task Reading { get; }

    /// <summary>The faults of one address so far.</summary>
    public IReadOnlyList<FaultJournalEntry> Of(IPAddress address)
    {
        lock (_gate)
            return [.. _faults.Where(entry => entry.Fault.EndPoint.Address.Equals(address))];
    }

    /// <summary>Faults so far, of everybody.</summary>
    public IReadOnlyList<FaultJournalEntry> All()
    {
        lock (_gate)
            return [.. _faults];
    }

    /// <summary>Events of a kind so far, snapshots left out.</summary>
    public IReadOnlyList<T> Events<T>()
    {
        lock (_gate)
            return [.. _events.OfType<T>()];
    }

    private async Task ReadAsync(ChannelReader<object> events)
    {
        await foreach (var item in events.ReadAllAsync())
        {
            lock (_gate)
            {
                if (item is FaultJournalEntry entry)
                    _faults.Add(entry);
                else if (item is not TorrentSnapshot)
                    _events.Add(item);
            }
        }
    }
}
