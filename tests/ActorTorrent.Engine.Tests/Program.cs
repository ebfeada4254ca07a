using ActorTorrent.Engine.Tests.Hostile;

// The tests are run by the test host; as a program of its own this assembly is what one of them wants measured by itself.
if (args is [EngineProcess.Role, .. var arguments])
    return await EngineProcess.RunAsync(arguments);
await Console.Error.WriteLineAsync("These are tests: dotnet test runs them.");
return 2;
