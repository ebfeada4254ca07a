using ActorTorrent.Engine.Limits;

namespace ActorTorrent.Service.Session;

/// <summary>A limit that keeps its number while it is switched off.</summary>
/// <param name="IsOn">Whether it holds.</param>
/// <param name="Kilobytes">Thousands of bytes a second; 0 stops nearly everything.</param>
public readonly record struct SpeedLimit(bool IsOn, int Kilobytes)
{
    /// <summary>The limit for the engine, which knows no limit of nothing: a byte a second stands for it.</summary>
    public ByteRate ToRate() => IsOn ? new ByteRate(Math.Clamp(Kilobytes * 1000L, 1, ByteRate.Max)) : ByteRate.Unlimited;
}
