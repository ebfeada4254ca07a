using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <summary>Reads an engine's events and keeps counts alone: what the tests keep must not look like memory of the engine.</summary>
internal sealed class FaultCounter
{
    private readonly ConcurrentDictionary<FaultCause, long> _counts = new();
    private readonly ConcurrentDictionary<InfoHash, bool> _completed = new();
    private readonly ConcurrentQueue<string> _blamed = new();
    private readonly HashSet<IPAddress> _honest;

    /// <param name="events">The events.</param>
    /// <param name="honest">Who must not be blamed.</param>
    public FaultCounter(ChannelReader<object> events, IEnumerable<IPAddress> honest)
    {
        _honest = [.. honest];
        Reading = ReadAsync(events);
    }

    /// <summary>Ends with the engine.</summary>
    public Task Reading { get; }

    /// <summary>Faults by cause, the most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<FaultCause, long>> Counts => [.. _counts.OrderByDescending(static count => count.Value)];

    /// <summary>Faults of honest peers.</summary>
    public IReadOnlyCollection<string> Blamed => _blamed;

    /// <summary>Torrents that are complete.</summary>
    public IReadOnlyCollection<InfoHash> Completed => [.. _completed.Keys];

    private async Task ReadAsync(ChannelReader<object> events)
    {
        await foreach (var item in events.ReadAllAsync())
        {
            switch (item)
            {
                case FaultJournalEntry { Fault: var fault }:
                    _counts.AddOrUpdate(fault.Cause, 1, static (_, count) => count + 1);
                    if (_honest.Contains(fault.EndPoint.Address))
                        _blamed.Enqueue(fault.ToString());
                    break;
                case TorrentEvent.Completed completed:
                    _completed.TryAdd(completed.InfoHash, true);
                    break;
            }
        }
    }
}
