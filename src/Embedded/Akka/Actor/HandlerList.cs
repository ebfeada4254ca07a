namespace Akka.Actor;

/// <summary>Handlers in the order in which they were added.</summary>
internal struct HandlerList
{
    private HandlerShape _shape;
    private object[] _given;

    public void Add(MessageHandler kind, object given)
    {
        var shape = _shape ?? HandlerShape.Empty;
        if (shape.IsClosed)
        {
            throw new InvalidOperationException(
                "A handler that catches all messages has been added. No handler can be added after that.");
        }

        var at = shape.Count;
        shape = shape.With(kind);
        if (_given is null)
            _given = new object[shape.Room];
        else if (_given.Length == at)
            Array.Resize(ref _given, Math.Max(4, at * 2));
        _given[at] = given;
        _shape = shape;
    }

    /// <summary>Nothing more is added.</summary>
    public void Seal()
    {
        if (_shape is not { } shape || _given.Length == shape.Count)
            return;
        shape.First().Room = shape.Count;
        Array.Resize(ref _given, shape.Count);
    }

    public readonly bool TryHandle(object message)
    {
        if (_shape is not { } shape)
            return false;
        var kinds = shape.Kinds;
        var given = _given;
        for (var i = 0; i < kinds.Length && i < given.Length; i++)
        {
            if (kinds[i].TryHandle(given[i], message))
                return true;
        }

        return false;
    }
}
