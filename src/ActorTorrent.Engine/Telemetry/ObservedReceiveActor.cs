using System.Runtime.CompilerServices;
using Akka.Actor;

namespace ActorTorrent.Engine.Telemetry;

/// <summary>A <see cref="ReceiveActor"/> that can be counted, as <see cref="ObservedActor"/> says.</summary>
public abstract class ObservedReceiveActor : ReceiveActor
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
        {
            OnAnyMessage(message);
            return base.AroundReceive(receive, message);
        }
        Observation.Answer(probe, Kind, State, Context);
        return true;
    }

    /// <summary>Sees each message before it is handled, in whatever state.</summary>
    /// <param name="message">The message.</param>
    protected virtual void OnAnyMessage(object message)
    {
    }

    /// <summary>Changes the behaviour.</summary>
    /// <param name="configure">Sets the new one's handlers.</param>
    /// <param name="state">The new state's name; the method's unless another is given.</param>
    protected void Become(Action configure, [CallerArgumentExpression(nameof(configure))] string state = "")
    {
        _state = state;
        base.Become(configure);
    }
}
