namespace ActorTorrent.Lab.Running;

/// <summary>A stub peer that can be dialled.</summary>
/// <param name="Index">Its number.</param>
/// <param name="EndPoint">Where.</param>
internal sealed record ArrivedPeer(int Index, string EndPoint);
