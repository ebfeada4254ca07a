using ActorTorrent.Engine.Probing;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Lab.Running;

/// <summary>What a probe of a scripted peer must find.</summary>
internal static class ExpectedOutcome
{
    /// <summary>The outcome that the script asks for.</summary>
    public static ProbeOutcome Of(PeerScript script) => script switch
    {
        { Door: PeerDoor.Refuses } => ProbeOutcome.Refused,
        { Door: PeerDoor.NeverAccepts } => ProbeOutcome.ConnectTimeout,
        { HandshakeBytesPerSecond: not null } => ProbeOutcome.HandshakeTimeout,
        { Handshake.Text: HandshakeText.WrongProtocol } => ProbeOutcome.WrongProtocol,
        { Handshake.Text: HandshakeText.WrongInfoHash } => ProbeOutcome.WrongInfoHash,
        { Handshake.Length: Handshake.Length } => ProbeOutcome.Ok,
        { Handshake.Ending: HandshakeEnding.Silence } => ProbeOutcome.HandshakeTimeout,
        { Handshake.Ending: HandshakeEnding.Close } => ProbeOutcome.Closed,
        { Handshake.Ending: HandshakeEnding.Reset } => ProbeOutcome.Reset,
        _ => ProbeOutcome.Ok,
    };
}
