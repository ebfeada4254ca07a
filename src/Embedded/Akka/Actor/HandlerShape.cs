using System.Collections.Concurrent;

namespace Akka.Actor;

/// <summary>
/// The kinds of a list of handlers, in order. Actors of one type add the same kinds in the same order, so they share it, and each
/// keeps nothing but what it gave to them. There are as many shapes as there are such lists in the program.
/// </summary>
internal sealed class HandlerShape
{
    public static readonly HandlerShape Empty = new(null, null);

    private readonly HandlerShape _before;
    private readonly MessageHandler _last;
    private readonly ConcurrentDictionary<MessageHandler, HandlerShape> _after = new(concurrencyLevel: 1, capacity: 1);
    private HandlerShape _recent;
    private MessageHandler[] _kinds;

    private HandlerShape(HandlerShape before, MessageHandler last)
    {
        _before = before;
        _last = last;
        Count = before is null ? 0 : before.Count + 1;
        Room = Count;
    }

    public int Count { get; }

    /// <summary>How many handlers the last list had that began like this: a guess, for the next one.</summary>
    public int Room { get; set; }

    public bool IsClosed => _last is { TakesAll: true };

    public MessageHandler[] Kinds => _kinds ??= ListKinds();

    public HandlerShape With(MessageHandler kind)
    {
        if (Volatile.Read(ref _recent) is { } recent && ReferenceEquals(recent._last, kind))
            return recent;
        var next = _after.GetOrAdd(kind, static (added, before) => new HandlerShape(before, added), this);
        Volatile.Write(ref _recent, next);
        return next;
    }

    /// <summary>The shape of the first handler alone.</summary>
    public HandlerShape First()
    {
        var shape = this;
        while (shape.Count > 1)
            shape = shape._before;
        return shape;
    }

    private MessageHandler[] ListKinds()
    {
        var kinds = new MessageHandler[Count];
        for (var shape = this; shape.Count > 0; shape = shape._before)
            kinds[shape.Count - 1] = shape._last;
        return kinds;
    }
}
