using System.Net;
using ActorTorrent.Engine.Discovery.Dht;
using ActorTorrent.Wire.Dht;

namespace ActorTorrent.Engine.Tests.Discovery.Dht;

/// <summary>Keeps what it is told.</summary>
internal sealed class RecordingAsker : IDhtAsker
{
    public List<KrpcMessage> Answers { get; } = [];

    public int Failures { get; private set; }

    public void Answered(IPEndPoint from, KrpcMessage answer) => Answers.Add(answer);

    public void Unanswered(IPEndPoint from) => Failures++;
}
