using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Tests.Chaos;

/// <summary>Counts the messages that nobody got, by type.</summary>
internal sealed class DeadLetterBox : ReceiveActor
{
    public DeadLetterBox(System.Collections.Concurrent.ConcurrentDictionary<Type, int> counts)
        => Receive<DeadLetter>(letter => counts.AddOrUpdate(letter.Message.GetType(), 1, static (_, count) => count + 1));

    public static Props Props(System.Collections.Concurrent.ConcurrentDictionary<Type, int> counts)
        => Akka.Actor.Props.Create(() => new DeadLetterBox(counts));

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));
}
