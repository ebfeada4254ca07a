using System.Threading.Channels;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>Throws at the first thing that is written, and passes on the rest.</summary>
internal sealed class FailingWriter<T>(ChannelWriter<T> inner) : ChannelWriter<T>
{
    private int _writes;

    public bool HasFailed => Volatile.Read(ref _writes) > 0;

    public override bool TryWrite(T item) =>
        Interlocked.Increment(ref _writes) == 1 ? throw new InvalidOperationException("Nobody foresaw this.") : inner.TryWrite(item);

    public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => inner.WaitToWriteAsync(cancellationToken);

    public override bool TryComplete(Exception? error = null) => inner.TryComplete(error);
}
