namespace Akka.Actor;

/// <summary>What the context of an actor is besides. To be asked while the actor handles a message.</summary>
public interface ICell
{
    bool HasMessages { get; }

    /// <summary>Messages that wait behind the one being handled.</summary>
    int NumberOfMessages { get; }
}
