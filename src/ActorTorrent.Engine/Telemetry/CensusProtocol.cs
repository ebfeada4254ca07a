using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Telemetry;

/// <summary>What is said to count the engine's actors.</summary>
internal static class CensusProtocol
{
    /// <summary>Anyone → engine → census: send me an <see cref="ActorCensus"/> at a steady pace, until I stop.</summary>
    public sealed record Watch
    {
        public static readonly Watch Instance = new();
    }

    /// <summary>Anyone → engine → census: send me an <see cref="ActorCensus"/>, once.</summary>
    public sealed record Take
    {
        public static readonly Take Instance = new();
    }

    /// <summary>Census → actor: say how you are. Answered by <see cref="Answer"/>.</summary>
    /// <param name="SentAt">When it was sent, in ticks of <paramref name="Time"/>.</param>
    /// <param name="Time">The clock.</param>
    public sealed record Probe(long SentAt, TimeProvider Time) : IDeadLetterSuppression, INotInfluenceReceiveTimeout;

    /// <summary>Actor → census.</summary>
    /// <param name="Kind">What it is for.</param>
    /// <param name="State">Its state's name.</param>
    /// <param name="Wait">How long the probe lay in its mailbox.</param>
    /// <param name="Children">Its children.</param>
    public sealed record Answer(ActorKind Kind, string State, TimeSpan Wait, IReadOnlyList<IActorRef> Children) : IDeadLetterSuppression
    {
        /// <summary>Messages that lay behind the probe in its mailbox.</summary>
        public int Depth { get; init; }
    }

    /// <summary>On the event stream: an exception left an actor, and it goes on.</summary>
    /// <param name="Actor">The actor.</param>
    /// <param name="Fault">The exception.</param>
    /// <param name="IsRestart">Whether it was restarted; if not, it was resumed.</param>
    public sealed record Faulted(IActorRef Actor, ActorFault Fault, bool IsRestart);
}
