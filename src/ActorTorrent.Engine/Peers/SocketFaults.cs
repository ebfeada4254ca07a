using System.Net.Sockets;
using ActorTorrent.Engine.Connecting;
using ActorTorrent.Engine.Faults;

namespace ActorTorrent.Engine.Peers;

/// <summary>Turns what a socket throws into a fault cause.</summary>
internal static class SocketFaults
{
    public static ConnectionEnd Map(FaultPhase phase, SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => new(phase, FaultCause.Refused, exception is ProxyException ? exception.Message : "connection refused"),
        SocketError.TimedOut when phase == FaultPhase.Connect
            => new(phase, FaultCause.ConnectTimeout, exception is ProxyException ? exception.Message : "the system gave up connecting"),
        _ when exception is ProxyException => new(phase, FaultCause.Unreachable, exception.Message),
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.TimedOut or SocketError.Shutdown
            => new(phase, FaultCause.Reset, "connection reset"),
        _ when phase == FaultPhase.Connect => new(phase, FaultCause.Unreachable, exception.Message),
        _ => new(phase, FaultCause.Reset, exception.Message),
    };
}
