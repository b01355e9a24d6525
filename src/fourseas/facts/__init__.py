"""Facts and cells: what may scan the graph, computed once per version of the lake."""
