using System.Collections.Concurrent;

namespace Akka.TestKit;

/// <summary>What a test actor has received and the test has not yet looked at.</summary>
internal sealed class MessageQueue : IDisposable
{
    private readonly ConcurrentQueue<MessageEnvelope> _messages = new();
    private readonly SemaphoreSlim _available = new(0);

    public bool Any => !_messages.IsEmpty;

    public void Add(MessageEnvelope envelope)
    {
        _messages.Enqueue(envelope);
        _available.Release();
    }

    public async ValueTask<MessageEnvelope> Take(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!await _available.WaitAsync(timeout, cancellationToken).ConfigureAwait(false))
            return null;
        _messages.TryDequeue(out var envelope);
        return envelope;
    }

    public async ValueTask<MessageEnvelope> Peek(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!await _available.WaitAsync(timeout, cancellationToken).ConfigureAwait(false))
            return null;
        _messages.TryPeek(out var envelope);
        _available.Release();
        return envelope;
    }

    public void Dispose() => _available.Dispose();
}
