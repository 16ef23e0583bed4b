# exchange with another party
