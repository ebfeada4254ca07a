namespace ActorTorrent.Service.Transmission;

/// <summary>What a method cannot do; its message becomes the answer's <c>result</c>.</summary>
/// <param name="message">As Transmission says it, where it does.</param>
internal sealed class RpcFailure(string message) : Exception(message);
