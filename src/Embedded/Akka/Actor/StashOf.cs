namespace Akka.Actor;

/// <summary>What an actor has put aside for later.</summary>
internal sealed class StashOf(LocalRef owner) : IStash
{
    private readonly List<Envelope> _envelopes = [];

    public int Count => _envelopes.Count;

    public bool IsEmpty => _envelopes.Count == 0;

    public bool NonEmpty => _envelopes.Count > 0;

    /// <summary>True while the message in hand has been put aside, which is possible once.</summary>
    internal bool HoldsCurrent { get; set; }

    public void Stash()
    {
        var message = owner.CurrentMessage;
        if (HoldsCurrent)
        {
            throw new IllegalActorStateException(
                $"Can't stash the same message {message} more than once");
        }

        HoldsCurrent = true;
        if (message is Terminated terminated)
            owner.RequeueTerminated(terminated);
        _envelopes.Add(new Envelope(message, owner.CurrentSender));
    }

    public void Unstash()
    {
        if (_envelopes.Count == 0)
            return;
        owner.Prepend([_envelopes[0]]);
        _envelopes.RemoveAt(0);
    }

    public void UnstashAll()
    {
        if (_envelopes.Count == 0)
            return;
        owner.Prepend(_envelopes);
        _envelopes.Clear();
    }

    public IEnumerable<Envelope> ClearStash()
    {
        Envelope[] all = [.. _envelopes];
        _envelopes.Clear();
        return all;
    }
}
