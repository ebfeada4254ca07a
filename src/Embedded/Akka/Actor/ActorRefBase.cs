namespace Akka.Actor;

public abstract class ActorRefBase : IActorRef
{
    protected ActorRefBase()
    {
    }

    public abstract ActorPath Path { get; }

    public void Tell(object message, IActorRef sender)
    {
        if (message is null)
            throw new InvalidMessageException("Message is null.");
        TellInternal(message, sender);
    }

    protected abstract void TellInternal(object message, IActorRef sender);

    public override string ToString() => $"[{Path.ToStringWithUid()}]";

    public override bool Equals(object obj) => ReferenceEquals(this, obj) || (obj is IActorRef other && Equals(other));

    public bool Equals(IActorRef other)
    {
        if (other is null)
            return false;
        if (ReferenceEquals(this, other))
            return true;
        var path = other.Path;
        return Path.Uid == path.Uid && Path.Equals(path);
    }

    public override int GetHashCode() => HashCode.Combine(Path.GetHashCode(), Path.Uid);

    public int CompareTo(IActorRef other)
    {
        var byPath = Path.CompareTo(other.Path);
        return byPath != 0 ? byPath : Path.Uid.CompareTo(other.Path.Uid);
    }

    public int CompareTo(object obj)
    {
        if (obj is not IActorRef other)
            throw new ArgumentException("Object must be of type IActorRef.", nameof(obj));
        return CompareTo(other);
    }
}
