namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>Questions to a bare mailbox that completes a task each.</summary>
internal static class FloorAsk
{
    public static async Task<Sample> RoundAsync(int questions)
    {
        var target = new FloorMailbox((message, _) => ((TaskCompletionSource<object>)message).SetResult(message));
        var watch = Stopper.Start();
        for (var i = 0; i < questions; i++)
        {
            var question = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
            target.Post(question, null);
            await question.Task;
        }

        return watch.Stop(questions);
    }
}
