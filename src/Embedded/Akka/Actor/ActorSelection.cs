using System.IO.Enumeration;

namespace Akka.Actor;

public class ActorSelection : ICanTell
{
    private readonly string[] _elements;

    public ActorSelection()
    {
        _elements = [];
    }

    public ActorSelection(IActorRef anchor, string path)
        : this(anchor, path?.Split('/') ?? [])
    {
    }

    public ActorSelection(IActorRef anchor, IEnumerable<string> elements)
    {
        Anchor = anchor;
        _elements = elements.Where(static e => !string.IsNullOrEmpty(e)).ToArray();
    }

    public IActorRef Anchor { get; private set; }

    public string PathString => "/" + string.Join('/', _elements);

    public void Tell(object message, IActorRef sender = null)
    {
        if (message is null)
            throw new InvalidMessageException("Message is null.");
        if (!Deliver(InternalActorRefBase.From(Anchor), 0, message, sender ?? LocalRef.Current ?? ImplicitSender.Ambient))
            Miss(message, sender ?? LocalRef.Current ?? ImplicitSender.Ambient);
    }

    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        ActorIdentity identity;
        try
        {
            identity = await this.Ask<ActorIdentity>(new Identify(null), timeout, ct);
        }
        catch (AskTimeoutException e)
        {
            throw new ActorNotFoundException("Exception ocurred while resolving ActorSelection", e);
        }

        return identity.Subject ?? throw new ActorNotFoundException("subject was null");
    }

    public override bool Equals(object obj) => obj is ActorSelection other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Anchor, PathString);

    public override string ToString() =>
        $"ActorSelection[Anchor({Anchor?.Path.ToStringWithUid()}), Path({PathString})]";

    protected bool Equals(ActorSelection other) =>
        Equals(Anchor, other.Anchor) && _elements.AsSpan().SequenceEqual(other._elements);

    private bool Deliver(InternalActorRefBase at, int from, object message, IActorRef sender)
    {
        for (var i = from; i < _elements.Length; i++)
        {
            var element = _elements[i];
            if (element == "..")
            {
                at = at.ParentRef;
            }
            else if (element.AsSpan().ContainsAny('*', '?'))
            {
                var any = false;
                foreach (var child in at.ChildSnapshot())
                {
                    if (FileSystemName.MatchesSimpleExpression(element, child.Path.Name, ignoreCase: false))
                        any |= Deliver(child, i + 1, message, sender);
                }

                return any || message is not Identify;
            }
            else
            {
                at = at.FindChild(element);
            }

            if (at is Nobody)
                return false;
        }

        at.Tell(message, sender);
        return true;
    }

    private void Miss(object message, IActorRef sender)
    {
        if (message is Identify identify)
        {
            sender?.Tell(new ActorIdentity(identify.MessageId, null), ActorRefs.NoSender);
            return;
        }

        if (InternalActorRefBase.From(Anchor) is LocalRef or SystemRef)
        {
            var system = Anchor is LocalRef local ? local.SystemImpl : ((SystemRef)InternalActorRefBase.From(Anchor)).System;
            system.DeadLetterRef.Publish(message, sender, new MissingRef(system, Anchor.Path / _elements));
        }
    }
}
