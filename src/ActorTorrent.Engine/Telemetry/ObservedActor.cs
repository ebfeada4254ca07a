using System.Runtime.CompilerServices;
using Akka.Actor;

namespace ActorTorrent.Engine.Telemetry;

/// <summary>
/// An <see cref="UntypedActor"/> that can be counted: it answers the census in whatever state it is, and tells of its
/// restarts. While nobody counts, that costs a message the check of its type and the actor one field.
/// </summary>
public abstract class ObservedActor : UntypedActor
{
    private string? _state;

    /// <summary>What it is for.</summary>
    protected abstract ActorKind Kind { get; }

    /// <summary>The name of its state.</summary>
    protected virtual string State => _state ?? "Running";

    /// <inheritdoc/>
    public sealed override void AroundPostRestart(Exception cause, object message)
    {
        base.AroundPostRestart(cause, message);
        Observation.Restarted(cause, Context);
    }

    /// <inheritdoc/>
    protected sealed override bool AroundReceive(Receive receive, object message)
    {
        if (message is not CensusProtocol.Probe probe)
            return base.AroundReceive(receive, message);
        Observation.Answer(probe, Kind, State, Context);
        return true;
    }

    /// <summary>Changes the behaviour.</summary>
    /// <param name="behaviour">The new one.</param>
    /// <param name="state">The new state's name; the method's unless another is given.</param>
    protected void Become(UntypedReceive behaviour, [CallerArgumentExpression(nameof(behaviour))] string state = "")
    {
        _state = state;
        base.Become(behaviour);
    }
}
