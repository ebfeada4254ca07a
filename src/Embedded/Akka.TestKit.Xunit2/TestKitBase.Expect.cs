using Akka.Actor;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    public T ExpectMsg<T>(TimeSpan? duration = null, string hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgAsync<T>(duration, hint, cancellationToken));

    public async ValueTask<T> ExpectMsgAsync<T>(TimeSpan? duration = null, string hint = null, CancellationToken cancellationToken = default) =>
        (await Expect<T>(RemainingOrDilated(duration), null, hint, cancellationToken).ConfigureAwait(false)).Message;

    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgAsync<T>(message, timeout, hint, cancellationToken));

    public async ValueTask<T> ExpectMsgAsync<T>(T message, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        (await Expect<T>(RemainingOrDilated(timeout), (m, _) => Assertions.AssertEqual(message, m, Hinted(hint)), hint, cancellationToken).ConfigureAwait(false)).Message;

    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgAsync<T>(isMessage, timeout, hint, cancellationToken));

    public async ValueTask<T> ExpectMsgAsync<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        (await Expect<T>(RemainingOrDilated(timeout), (m, _) => AssertPredicate(isMessage(m), m, hint), hint, cancellationToken).ConfigureAwait(false)).Message;

    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgAsync<T>(assert, timeout, hint, cancellationToken));

    public async ValueTask<T> ExpectMsgAsync<T>(Action<T> assert, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        (await Expect<T>(RemainingOrDilated(timeout), (m, _) => assert(m), hint, cancellationToken).ConfigureAwait(false)).Message;

    public T ExpectMsg<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgAsync<T>(isMessageAndSender, timeout, hint, cancellationToken));

    public async ValueTask<T> ExpectMsgAsync<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        (await Expect<T>(RemainingOrDilated(timeout), (m, s) => AssertPredicate(isMessageAndSender(m, s), m, hint), hint, cancellationToken).ConfigureAwait(false)).Message;

    public T ExpectMsg<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgAsync<T>(assertMessageAndSender, timeout, hint, cancellationToken));

    public async ValueTask<T> ExpectMsgAsync<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        (await Expect<T>(RemainingOrDilated(timeout), assertMessageAndSender, hint, cancellationToken).ConfigureAwait(false)).Message;

    public T ExpectMsg<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgAsync<T>(expected, comparer, timeout, hint, cancellationToken));

    public async ValueTask<T> ExpectMsgAsync<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        (await Expect<T>(RemainingOrDilated(timeout), (m, _) => Assertions.AssertEqual(expected, m, comparer, Hinted(hint)), hint, cancellationToken).ConfigureAwait(false)).Message;

    public Terminated ExpectTerminated(IActorRef target, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectTerminatedAsync(target, timeout, hint, cancellationToken));

    public async ValueTask<Terminated> ExpectTerminatedAsync(IActorRef target, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        (await Expect<Terminated>(RemainingOrDilated(timeout), (m, _) => Assertions.AssertEqual(target, m.ActorRef, Hinted(hint)), hint, cancellationToken).ConfigureAwait(false)).Message;

    public T ExpectMsgFrom<T>(IActorRef sender, TimeSpan? duration = null, string hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgFromAsync<T>(sender, duration, hint, cancellationToken));

    public async ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, TimeSpan? duration = null, string hint = null, CancellationToken cancellationToken = default) =>
        (await Expect<T>(RemainingOrDilated(duration), (_, s) => AssertSender(sender, s, hint), hint, cancellationToken).ConfigureAwait(false)).Message;

    public T ExpectMsgFrom<T>(IActorRef sender, T message, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgFromAsync<T>(sender, message, timeout, hint, cancellationToken));

    public async ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, T message, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        (await Expect<T>(
            RemainingOrDilated(timeout),
            (m, s) =>
            {
                AssertSender(sender, s, hint);
                Assertions.AssertEqual(message, m, Hinted(hint));
            },
            hint,
            cancellationToken).ConfigureAwait(false)).Message;

    public T ExpectMsgFrom<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgFromAsync<T>(sender, isMessage, timeout, hint, cancellationToken));

    public async ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        (await Expect<T>(
            RemainingOrDilated(timeout),
            (m, s) =>
            {
                AssertSender(sender, s, hint);
                AssertPredicate(isMessage(m), m, hint);
            },
            hint,
            cancellationToken).ConfigureAwait(false)).Message;

    public T ExpectMsgFrom<T>(Predicate<IActorRef> isSender, Predicate<T> isMessage, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgFromAsync<T>(isSender, isMessage, timeout, hint, cancellationToken));

    public async ValueTask<T> ExpectMsgFromAsync<T>(Predicate<IActorRef> isSender, Predicate<T> isMessage, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        (await Expect<T>(
            RemainingOrDilated(timeout),
            (m, s) =>
            {
                AssertPredicate(isSender(s), s, hint);
                AssertPredicate(isMessage(m), m, hint);
            },
            hint,
            cancellationToken).ConfigureAwait(false)).Message;

    public T ExpectMsgFrom<T>(IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgFromAsync<T>(sender, assertMessage, timeout, hint, cancellationToken));

    public async ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        (await Expect<T>(
            RemainingOrDilated(timeout),
            (m, s) =>
            {
                AssertSender(sender, s, hint);
                assertMessage(m);
            },
            hint,
            cancellationToken).ConfigureAwait(false)).Message;

    public T ExpectMsgFrom<T>(Action<IActorRef> assertSender, Action<T> assertMessage, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgFromAsync<T>(assertSender, assertMessage, timeout, hint, cancellationToken));

    public async ValueTask<T> ExpectMsgFromAsync<T>(Action<IActorRef> assertSender, Action<T> assertMessage, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        (await Expect<T>(
            RemainingOrDilated(timeout),
            (m, s) =>
            {
                assertSender(s);
                assertMessage(m);
            },
            hint,
            cancellationToken).ConfigureAwait(false)).Message;

    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgAnyOfAsync(messages, cancellationToken));

    public async ValueTask<T> ExpectMsgAnyOfAsync<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default)
    {
        var any = messages.ToArray();
        var message = await ReceiveSomething(RemainingOrDefault, "one of " + string.Join(',', any), cancellationToken).ConfigureAwait(false);
        Assertions.AssertTrue(message is T typed && any.Contains(typed), $"not found {message}");
        return (T)message;
    }

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) => ExpectMsgAllOf<T>((IReadOnlyCollection<T>)messages);

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Collect(ExpectMsgAllOfAsync(messages, cancellationToken));

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) =>
        ExpectMsgAllOf<T>(max, (IReadOnlyCollection<T>)messages);

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(
        TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Collect(ExpectMsgAllOfAsync(max, messages, cancellationToken));

    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        AllOf(RemainingOrDefault, messages, cancellationToken);

    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(
        TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        AllOf(Dilated(max), messages, cancellationToken);

    public void ExpectNoMsg(CancellationToken cancellationToken = default) => Wait(ExpectNoMsgAsync(cancellationToken));

    public ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) => ExpectNothing(RemainingOrDefault, cancellationToken);

    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) =>
        Wait(ExpectNoMsgAsync(duration, cancellationToken));

    public ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default) =>
        ExpectNothing(Dilated(duration), cancellationToken);

    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) =>
        Wait(ExpectNoMsgAsync(milliseconds, cancellationToken));

    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    private static string Hinted(string hint) => (hint ?? "").Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    private async ValueTask<(T Message, IActorRef Sender)> Expect<T>(
        TimeSpan timeout, Action<T, IActorRef> assert, string hint, CancellationToken cancellationToken)
    {
        var envelope = await Take(timeout, cancellationToken).ConfigureAwait(false);
        var more = string.IsNullOrEmpty(hint) ? "" : ". " + hint;
        if (envelope is null)
            Assertions.Fail("{0}", $"Failed: Timeout {timeout} while waiting for a message of type {typeof(T)}{more}");
        if (envelope.Message is not T message)
        {
            Assertions.Fail(
                "{0}",
                $"Failed: Expected a message of type {typeof(T)}, but received {{{envelope.Message}}} (type {envelope.Message.GetType()}) instead from {envelope.Sender}{more}");
            return default;
        }

        assert?.Invoke(message, envelope.Sender);
        return (message, envelope.Sender);
    }

    private void AssertPredicate(bool holds, object message, string hint) =>
        Assertions.AssertTrue(holds, "{0}", $"Failed: the predicate does not hold for {message}{(string.IsNullOrEmpty(hint) ? "" : ". " + hint)}");

    private void AssertSender(IActorRef expected, IActorRef actual, string hint) => Assertions.AssertEqual(expected, actual, Hinted(hint));

    private async ValueTask<object> ReceiveSomething(TimeSpan timeout, string what, CancellationToken cancellationToken)
    {
        var envelope = await Take(timeout, cancellationToken).ConfigureAwait(false);
        if (envelope is null)
            Assertions.Fail("{0}", $"Failed: Timeout {timeout} while waiting for {what}");
        return envelope.Message;
    }

    private async ValueTask ExpectNothing(TimeSpan duration, CancellationToken cancellationToken)
    {
        var envelope = await Take(duration, cancellationToken).ConfigureAwait(false);
        if (envelope is not null)
            Assertions.Fail("{0}", $"Failed: Expected no messages during {duration}, instead we received {envelope}");
    }

    private async IAsyncEnumerable<T> AllOf<T>(
        TimeSpan max, IReadOnlyCollection<T> messages, [global::System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var received = new List<object>();
        await foreach (var message in ReceiveMany(messages.Count, max, cancellationToken).ConfigureAwait(false))
            received.Add(message);
        var missing = messages.Where(m => !received.Contains(m)).ToArray();
        var unexpected = received.Where(m => m is not T typed || !messages.Contains(typed)).ToArray();
        Assertions.AssertTrue(
            missing.Length == 0 && unexpected.Length == 0,
            "{0}",
            $"not found [{string.Join(", ", missing)}], found unexpected [{string.Join(", ", unexpected)}]");
        foreach (var message in received)
            yield return (T)message;
    }

    private static T Wait<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();

    private static List<T> Collect<T>(IAsyncEnumerable<T> messages) =>
        Wait(new ValueTask<List<T>>(messages.ToListAsync().AsTask()));
}
