namespace Akka.Actor;

public interface IStash
{
    int Count { get; }

    bool IsEmpty { get; }

    bool NonEmpty { get; }

    void Stash();

    void Unstash();

    void UnstashAll();

    IEnumerable<Envelope> ClearStash();
}
