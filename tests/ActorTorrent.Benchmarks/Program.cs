using ActorTorrent.Benchmarks.Runtime;

return args switch
{
    ["runtime", .. var rest] => await RuntimeCommand.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(RuntimeCommand.Usage);
    return 2;
}
