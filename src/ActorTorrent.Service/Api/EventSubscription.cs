using System.Threading.Channels;

namespace ActorTorrent.Service.Api;

/// <summary>One who listens to events; disposing it ends that.</summary>
/// <param name="ring">Where.</param>
/// <param name="channel">What is not read yet.</param>
/// <param name="after">The last event before those.</param>
internal sealed class EventSubscription(EventRing ring, Channel<ApiEvent> channel, long after) : IDisposable
{
    /// <summary>The last event before those that are read here.</summary>
    public long After { get; } = after;

    /// <summary>The events.</summary>
    public ChannelReader<ApiEvent> Reader => channel.Reader;

    /// <inheritdoc/>
    public void Dispose() => ring.Leave(channel.Writer);
}
