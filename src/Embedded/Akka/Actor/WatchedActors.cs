namespace Akka.Actor;

/// <summary>
/// Whom an actor watches, each with the message that tells of its end; null for <see cref="Terminated"/>. Most actors that watch anybody
/// watch one, and only the others need a dictionary. Held by value.
/// </summary>
internal struct WatchedActors
{
    private InternalActorRefBase _one;
    private object _message;
    private Dictionary<InternalActorRefBase, object> _more;

    /// <summary>Adds an actor; false, and nothing changes, when it is watched already.</summary>
    public bool TryAdd(InternalActorRefBase actor, object message)
    {
        if (_one is not null || _more is { Count: > 0 })
            return !ReferenceEquals(_one, actor) && (_more ??= new(ReferenceEqualityComparer.Instance)).TryAdd(actor, message);
        _one = actor;
        _message = message;
        return true;
    }

    /// <summary>Takes an actor out; false when it is not watched.</summary>
    public bool Remove(InternalActorRefBase actor, out object message)
    {
        if (ReferenceEquals(_one, actor))
        {
            message = _message;
            _one = null;
            _message = null;
            return true;
        }

        message = null;
        return _more is not null && _more.Remove(actor, out message);
    }

    /// <summary>Takes all out.</summary>
    public IEnumerable<InternalActorRefBase> Clear()
    {
        var (one, more) = (_one, _more);
        this = default;
        IEnumerable<InternalActorRefBase> others = more is null ? [] : more.Keys;
        return one is null ? others : others.Prepend(one);
    }
}
