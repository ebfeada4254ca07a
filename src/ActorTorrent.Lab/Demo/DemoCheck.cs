namespace ActorTorrent.Lab.Demo;

/// <summary>One of the things that a demo promises.</summary>
/// <param name="Promise">What should be.</param>
/// <param name="Passed">Whether it is.</param>
/// <param name="Found">What is.</param>
public sealed record DemoCheck(string Promise, bool Passed, string Found);
