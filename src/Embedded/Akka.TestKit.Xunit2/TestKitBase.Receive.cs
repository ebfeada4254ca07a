using System.Collections;
using System.Runtime.CompilerServices;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    public object ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        Wait(ReceiveOneAsync(max, cancellationToken));

    public async ValueTask<object> ReceiveOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await Take(Limit(max), cancellationToken).ConfigureAwait(false))?.Message;

    public bool TryReceiveOne(out MessageEnvelope envelope, TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        var (received, found) = Wait(TryReceiveOneAsync(max, cancellationToken));
        envelope = found;
        return received;
    }

    public async ValueTask<(bool, MessageEnvelope)> TryReceiveOneAsync(TimeSpan? max, CancellationToken cancellationToken = default)
    {
        var envelope = await Take(Limit(max), cancellationToken).ConfigureAwait(false);
        return (envelope is not null, envelope ?? NullMessageEnvelope.Instance);
    }

    public object PeekOne(TimeSpan? max = null, CancellationToken cancellationToken = default) => Wait(PeekOneAsync(max, cancellationToken));

    public object PeekOne(CancellationToken cancellationToken) => Wait(PeekOneAsync(cancellationToken));

    public async ValueTask<object> PeekOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await _queue.Peek(Limit(max), cancellationToken).ConfigureAwait(false))?.Message;

    public ValueTask<object> PeekOneAsync(CancellationToken cancellationToken) => PeekOneAsync(null, cancellationToken);

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default) =>
        Collect(ReceiveNAsync(numberOfMessages, cancellationToken));

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        Collect(ReceiveNAsync(numberOfMessages, max, cancellationToken));

    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, CancellationToken cancellationToken = default) =>
        ReceiveMany(numberOfMessages, RemainingOrDefault, cancellationToken);

    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        ReceiveMany(numberOfMessages, Dilated(max), cancellationToken);

    public object FishForMessage(
        Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessage<object>(isMessage, max, hint, cancellationToken);

    public ValueTask<object> FishForMessageAsync(
        Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessageAsync<object>(isMessage, max, hint, cancellationToken);

    public T FishForMessage<T>(
        Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        Wait(FishForMessageAsync(isMessage, max, hint, cancellationToken));

    public ValueTask<T> FishForMessageAsync<T>(
        Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessageAsync(isMessage, null, max, hint, cancellationToken);

    public T FishForMessage<T>(
        Predicate<T> isMessage, ArrayList allMessages, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        Wait(FishForMessageAsync(isMessage, allMessages, max, hint, cancellationToken));

    public async ValueTask<T> FishForMessageAsync<T>(
        Predicate<T> isMessage, ArrayList allMessages, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default)
    {
        var limit = RemainingOrDilated(max);
        var end = Now + limit;
        allMessages?.Clear();
        while (true)
        {
            var left = end - Now;
            var envelope = await Take(left < TimeSpan.Zero ? TimeSpan.Zero : left, cancellationToken).ConfigureAwait(false);
            if (envelope is null)
            {
                Assertions.Fail(
                    "{0}", $"Timeout ({limit}) during fishForMessage{(string.IsNullOrEmpty(hint) ? "" : ", hint: " + hint)}");
            }

            if (envelope.Message is T message && isMessage(message))
                return message;
            allMessages?.Add(envelope.Message);
        }
    }

    public async Task FishUntilMessageAsync<T>(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        await FishForMessageAsync<T>(static _ => true, max, "", cancellationToken).ConfigureAwait(false);

    public IReadOnlyList<T> ReceiveWhile<T>(
        TimeSpan? max, Func<object, T> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        Collect(ReceiveWhileAsync(max, filter, msgs, cancellationToken));

    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        TimeSpan? max, Func<object, T> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        ReceiveWhileAsync(filter, max, Timeout.InfiniteTimeSpan, msgs, cancellationToken);

    public IReadOnlyList<T> ReceiveWhile<T>(
        TimeSpan? max, TimeSpan? idle, Func<object, T> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        Collect(ReceiveWhileAsync(max, idle, filter, msgs, cancellationToken));

    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        TimeSpan? max, TimeSpan? idle, Func<object, T> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        ReceiveWhileAsync(filter, max, idle, msgs, cancellationToken);

    public IReadOnlyList<T> ReceiveWhile<T>(
        Func<object, T> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        Collect(ReceiveWhileAsync(filter, max, idle, msgs, cancellationToken));

    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        Func<object, T> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        While(
            message =>
            {
                var value = filter(message);
                return (value is not null, true, value);
            },
            max,
            idle,
            msgs,
            cancellationToken);

    public IReadOnlyList<T> ReceiveWhile<T>(
        Predicate<T> shouldContinue,
        TimeSpan? max = null,
        TimeSpan? idle = null,
        int msgs = int.MaxValue,
        bool shouldIgnoreOtherMessageTypes = true,
        CancellationToken cancellationToken = default) =>
        Collect(ReceiveWhileAsync(shouldContinue, max, idle, msgs, shouldIgnoreOtherMessageTypes, cancellationToken));

    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        Predicate<T> shouldContinue,
        TimeSpan? max = null,
        TimeSpan? idle = null,
        int msgs = int.MaxValue,
        bool shouldIgnoreOtherMessageTypes = true,
        CancellationToken cancellationToken = default) =>
        While(
            message => message is T typed
                ? (shouldContinue(typed), true, typed)
                : (shouldIgnoreOtherMessageTypes, false, default),
            max,
            idle,
            msgs,
            cancellationToken);

    private TimeSpan Limit(TimeSpan? max) => max switch
    {
        null => RemainingOrDefault,
        { } given when given == Timeout.InfiniteTimeSpan => given,
        { } given => given <= TimeSpan.Zero ? TimeSpan.Zero : Dilated(given),
    };

    private async ValueTask<MessageEnvelope> Take(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var envelope = await _queue.Take(timeout, cancellationToken).ConfigureAwait(false);
        _last = envelope ?? NullMessageEnvelope.Instance;
        _lastWasNoMessage = envelope is null;
        return envelope;
    }

    private async IAsyncEnumerable<object> ReceiveMany(
        int count, TimeSpan max, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = Now + max;
        for (var i = 0; i < count; i++)
        {
            var left = end - Now;
            var envelope = await Take(left < TimeSpan.Zero ? TimeSpan.Zero : left, cancellationToken).ConfigureAwait(false);
            if (envelope is null)
                Assertions.Fail("{0}", $"Timeout ({max}) while expecting {count} messages. Only got {i} after {max}.");
            yield return envelope.Message;
        }
    }

    private async IAsyncEnumerable<T> While<T>(
        Func<object, (bool Continue, bool Counts, T Value)> judge,
        TimeSpan? max,
        TimeSpan? idle,
        int messages,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = Now + RemainingOrDilated(max);
        var pause = idle ?? Timeout.InfiniteTimeSpan;
        var count = 0;
        while (count < messages)
        {
            var left = end - Now;
            if (left < TimeSpan.Zero)
                left = TimeSpan.Zero;
            if (pause != Timeout.InfiniteTimeSpan && pause < left)
                left = pause;

            // The message that ends it stays for whoever looks next.
            var next = await _queue.Peek(left, cancellationToken).ConfigureAwait(false);
            if (next is null)
                break;
            var (goOn, counts, value) = judge(next.Message);
            if (!goOn)
                break;
            await Take(TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            if (!counts)
                continue;
            count++;
            yield return value;
        }

        _lastWasNoMessage = true;
    }
}
